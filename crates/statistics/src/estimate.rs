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
    /// Returns half the interval's width as a share of the value.
    pub fn relative_half_width(&self) -> f64 {
        (self.high - self.low) / (2.0 * self.value)
    }
}
