//! Burn on flex, Burn's own portable processor backend.

use formbench_protocol::{Identity, Job, Refusal};

use crate::{Engine, Model, Session};

/// Burn on flex.
pub struct Flex;

impl Engine for Flex {
    fn name(&self) -> &'static str {
        "burn/flex"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name(), super::GEMM)
    }

    /// Kernels and matrix products share rayon's pool.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS"]
    }

    fn runs_modules(&self) -> bool {
        true
    }

    fn takes_files(&self) -> bool {
        true
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        super::session(&job.subject(), formbench_backends::flex)
    }
}
