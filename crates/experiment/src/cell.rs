use formbench_protocol::{Architecture, Input, Job};

use crate::EngineSetting;

/// One architecture × input × threads × engine: the unit that is measured, before it has a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// What is executed.
    pub architecture: Architecture,
    /// What an inference is given.
    pub input: Input,
    /// Seed of the deterministic weights.
    pub weights_seed: u64,
    /// Threads that the engine may compute on.
    pub threads: u32,
    /// What executes it.
    pub engine: EngineSetting,
}

impl Cell {
    /// Returns what a worker needs to prepare the cell.
    pub fn job(&self, software_gpu: bool) -> Job {
        Job {
            engine: self.engine.engine.clone(),
            options: self.engine.options.clone(),
            architecture: self.architecture.clone(),
            weights_seed: self.weights_seed,
            input: self.input.clone(),
            threads: self.threads,
            software_gpu,
        }
    }

    /// Returns everything except the engine: cells that agree in all of it are compared with each
    /// other.
    pub fn group(&self) -> (&Architecture, &Input, u64, u32) {
        (&self.architecture, &self.input, self.weights_seed, self.threads)
    }
}
