//! Burn on ndarray: the reference engine and the study's baseline on Burn.

use formbench_protocol::{Identity, Job, Refusal};

use crate::{Engine, Model, Session};

/// Burn on ndarray.
pub struct NdArray;

impl Engine for NdArray {
    fn name(&self) -> &'static str {
        "burn/ndarray"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name(), super::MATRIXMULTIPLY)
    }

    /// Convolutions run on rayon's pool, matrix products on matrixmultiply's own.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS", "MATMUL_NUM_THREADS"]
    }

    fn runs_modules(&self) -> bool {
        true
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        super::session(&job.subject(), formbench_backends::ndarray)
    }
}
