use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{UserFile, Width};

/// A network definition with its parameters: a named network, a pattern at a depth and width, or a
/// model in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Architecture {
    /// A network by the name that the registry knows.
    Network {
        /// Registry name, such as `resnet18`.
        name: String,
    },
    /// A design pattern stacked into a network.
    Pattern {
        /// Registry name, such as `bottleneck`.
        name: String,
        /// Blocks over all four stages.
        depth: u32,
        /// Channels out of the first stage; each later stage doubles them.
        width: Width,
    },
    /// A model in a file, with weights of its own.
    File(UserFile),
}

impl Architecture {
    /// Returns the registry name of the network or pattern, or the file's path as it was written.
    pub fn name(&self) -> &str {
        match self {
            Self::Network { name } | Self::Pattern { name, .. } => name,
            Self::File(file) => &file.path,
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network { .. } | Self::File(_) => f.write_str(self.name()),
            Self::Pattern { name, depth, width } => write!(f, "{name}-d{depth}-w{width}"),
        }
    }
}
