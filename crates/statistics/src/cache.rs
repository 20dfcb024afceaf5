/// Returns the share of references that a cache serves itself, from 0 to 1: its efficacy (hit
/// rate). `None` if there is no reference, or more misses than references.
pub fn cache_hit_rate(references: u64, misses: u64) -> Option<f64> {
    let served = references.checked_sub(misses)?;
    (references > 0).then(|| served as f64 / references as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_minus_misses_over_references() {
        assert_eq!(cache_hit_rate(40, 10), Some(0.75));
        assert_eq!(cache_hit_rate(40, 0), Some(1.0));
        assert_eq!(cache_hit_rate(40, 40), Some(0.0));
    }

    #[test]
    fn without_references_or_with_more_misses_there_is_none() {
        assert_eq!(cache_hit_rate(0, 0), None);
        assert_eq!(cache_hit_rate(3, 4), None);
    }
}
