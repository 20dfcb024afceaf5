//! Where a row stands along a figure's axis.

use std::fmt;

use formbench_protocol::Width;
use serde::Serialize;

use crate::number::{grouped, significant};

/// Where a row stands along a figure's x.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AxisValue {
    /// A whole number, as a depth or MACs.
    Count(u64),
    /// Any number, as FLOPs for each byte.
    Number(f64),
    /// Channels out of a pattern's first stage.
    Channels(Width),
}

impl AxisValue {
    /// Returns the place on an axis.
    pub fn value(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Number(number) => number,
            Self::Channels(width) => width.channels(),
        }
    }
}

impl fmt::Display for AxisValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => f.write_str(&grouped(*count as usize)),
            Self::Number(number) => f.write_str(&significant(*number, 4)),
            Self::Channels(width) => width.fmt(f),
        }
    }
}
