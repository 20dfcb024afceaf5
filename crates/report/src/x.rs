use std::fmt;

use serde::Serialize;

use crate::number::{grouped, significant};

/// Where a row stands along a figure's x.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum X {
    /// A whole number, as a depth or MACs.
    Count(u64),
    /// Any number, as FLOPs for each byte.
    Number(f64),
}

impl X {
    /// Returns the place on an axis.
    pub fn value(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Number(number) => number,
        }
    }
}

impl fmt::Display for X {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => f.write_str(&grouped(*count as usize)),
            Self::Number(number) => f.write_str(&significant(*number, 4)),
        }
    }
}
