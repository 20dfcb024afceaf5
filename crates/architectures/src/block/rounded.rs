/// Returns the multiple of `divisor` that is nearest to a number of channels, halves up, one
/// multiple at least; one more if that took away more than a tenth.
///
/// Source: the rule of MobileNet's authors, used by most mobile networks for scaled widths.
pub(crate) fn rounded(channels: f64, divisor: usize) -> usize {
    let step = divisor as f64;
    let nearest = (((channels + step / 2.0) / step).floor() * step).max(step);
    let enough = if nearest < 0.9 * channels { nearest + step } else { nearest };
    enough as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_a_tenth_is_taken_away() {
        assert_eq!(rounded(32.0, 8), 32);
        assert_eq!(rounded(12.0, 8), 16);
        assert_eq!(rounded(3.0, 8), 8);
        // 11 is nearest to 8, which is less than 9.9.
        assert_eq!(rounded(11.0, 8), 16);
        assert_eq!(rounded(18.0, 8), 24);
        assert_eq!(rounded(33.0, 8), 32);
    }
}
