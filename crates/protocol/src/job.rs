use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Architecture, Input, Subject};

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
    /// What an inference is given.
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
        let (architecture, input) = (architecture.clone(), input.clone());
        Subject { architecture, weights_seed: *weights_seed, input }
    }
}
