/// A number with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate itself; never outside its interval.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// Returns whether the interval is known. A single block leaves nothing to draw from, and both
    /// ends are then the value.
    pub fn has_interval(&self) -> bool {
        self.low < self.high
    }

    /// Returns whether the interval is wider than plus or minus a share of the value. An interval
    /// that is not known counts as wider.
    pub fn is_wider_than(&self, relative_half_width: f64) -> bool {
        !self.has_interval() || self.relative_half_width() > relative_half_width
    }

    /// Returns half the interval's width as a share of the value.
    pub fn relative_half_width(&self) -> f64 {
        (self.high - self.low) / (2.0 * self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_is_not_known_is_wide() {
        let [single, known] = [2.0, 2.2].map(|high| Estimate { value: 2.0, low: 2.0, high });
        assert!(!single.has_interval() && single.is_wider_than(0.5));
        // 0.2 over twice 2.0.
        assert!(known.has_interval() && known.is_wider_than(0.04) && !known.is_wider_than(0.06));
    }
}
