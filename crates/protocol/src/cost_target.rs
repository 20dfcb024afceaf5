use std::fmt;

use serde::{Deserialize, Serialize};

/// A cost that a pattern's width is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostTarget {
    /// Multiply-accumulates of convolutions and matrix products, for one image.
    Macs(u64),
    /// Trainable parameters.
    Parameters(u64),
}

impl CostTarget {
    /// Returns which cost it is: `macs` or `parameters`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Macs(_) => "macs",
            Self::Parameters(_) => "parameters",
        }
    }

    /// Returns the amount of the cost.
    pub fn value(self) -> u64 {
        match self {
            Self::Macs(value) | Self::Parameters(value) => value,
        }
    }

    /// Returns by how much another cost exceeds this one, relative to this one.
    pub fn difference(self, other: Self) -> f64 {
        other.value() as f64 / self.value() as f64 - 1.0
    }
}

impl fmt::Display for CostTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Macs(macs) => write!(f, "{macs} MACs"),
            Self::Parameters(parameters) => write!(f, "{parameters} parameters"),
        }
    }
}
