use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Parts of a channel: a width is a multiple of one part.
const PARTS: u32 = 8;

/// Channels out of a pattern's first stage, in eighths. Later stages double the width before it is
/// rounded, so that a width between two whole ones has a cost between theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Width(u32);

/// A number that is no width.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("width `{0}` is not a positive multiple of 0.125")]
pub struct NotAWidth(String);

impl Width {
    /// Returns the width of whole channels.
    pub const fn whole(channels: u32) -> Self {
        Self::from_eighths(channels * PARTS)
    }

    /// Returns the width of so many eighths of a channel.
    pub const fn from_eighths(eighths: u32) -> Self {
        Self(eighths)
    }

    /// Returns how many eighths of a channel it has.
    pub const fn eighths(self) -> u32 {
        self.0
    }

    /// Returns the width in channels; the conversion is exact.
    pub fn channels(self) -> f64 {
        f64::from(self.0) / f64::from(PARTS)
    }
}

impl TryFrom<f64> for Width {
    type Error = NotAWidth;

    fn try_from(channels: f64) -> Result<Self, NotAWidth> {
        let eighths = channels * f64::from(PARTS);
        let fits = eighths.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&eighths);
        if fits { Ok(Self(eighths as u32)) } else { Err(NotAWidth(channels.to_string())) }
    }
}

impl From<Width> for f64 {
    fn from(width: Width) -> Self {
        width.channels()
    }
}

impl FromStr for Width {
    type Err = NotAWidth;

    fn from_str(text: &str) -> Result<Self, NotAWidth> {
        let channels: f64 = text.parse().map_err(|_| NotAWidth(text.to_owned()))?;
        Self::try_from(channels)
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.channels())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighths_are_read_back_and_thirds_are_refused() {
        let width: Width = "15.375".parse().unwrap();
        assert_eq!((width.eighths(), width.to_string()), (123, "15.375".to_owned()));
        assert_eq!(Width::whole(32).to_string(), "32");
        for text in ["0.3", "0", "-1", "wide", "NaN", "1e12"] {
            let error = text.parse::<Width>().unwrap_err().to_string();
            assert!(error.contains("multiple of 0.125"), "{error}");
        }
        assert_eq!(serde_json::to_string(&width).unwrap(), "15.375");
        assert_eq!(serde_json::from_str::<Width>("32").unwrap(), Width::whole(32));
    }
}
