use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Architecture, Subject};

/// An engine's settings by name, in the order of their names.
pub type Options = BTreeMap<String, Value>;

/// Everything a worker needs to prepare one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Registry name of the engine.
    pub engine: String,
    /// The engine's settings.
    #[serde(default)]
    pub options: Options,
    /// What is executed.
    pub architecture: Architecture,
    /// Seed of the deterministic weights.
    pub weights_seed: u64,
    /// Shape and seed of the images.
    pub input: Input,
    /// Threads the engine may compute on.
    pub threads: u32,
    /// Whether a software graphics adapter may be timed.
    #[serde(default)]
    pub software_gpu: bool,
}

impl Job {
    /// Returns what is executed, whatever executes it.
    pub fn subject(&self) -> Subject {
        let Self { architecture, weights_seed, input, .. } = self;
        Subject { architecture: architecture.clone(), weights_seed: *weights_seed, input: *input }
    }
}

/// The images of one inference: NCHW, three channels, square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// Images per inference.
    pub batch: u32,
    /// Height and width in pixels.
    pub resolution: u32,
    /// Seed of the pixels.
    pub seed: u64,
}
