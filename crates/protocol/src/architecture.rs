use std::fmt;

use serde::{Deserialize, Serialize};

/// A network definition with its parameters: a named network, or a pattern at a depth and width.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// A network by the name that the registry knows.
    Network {
        /// Registry name, as `resnet18`.
        name: String,
    },
    /// A design pattern stacked into a network.
    Pattern {
        /// Registry name, as `bottleneck`.
        name: String,
        /// Blocks over all four stages.
        depth: u32,
        /// Channels out of the first stage; each later stage doubles them.
        width: u32,
    },
}

impl Architecture {
    /// Returns the registry name of the network or pattern.
    pub fn name(&self) -> &str {
        match self {
            Self::Network { name } | Self::Pattern { name, .. } => name,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { name } => f.write_str(name),
            Self::Pattern { name, depth, width } => write!(f, "{name}-d{depth}-w{width}"),
        }
    }
}
