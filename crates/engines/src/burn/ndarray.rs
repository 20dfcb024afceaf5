//! Burn on ndarray: the reference engine and the study's baseline on Burn.

use burn_ndarray::NdArrayDevice;
use formbench_protocol::{Identity, Job, Refusal};

use super::session::BurnSession;
use crate::{Engine, Session};

/// Burn on ndarray.
pub struct NdArray;

impl Engine for NdArray {
    fn name(&self) -> &'static str {
        "burn/ndarray"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name())
    }

    /// Convolutions run on rayon's pool, matrix products on matrixmultiply's own.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS", "MATMUL_NUM_THREADS"]
    }

    fn prepare(&self, job: &Job) -> Result<Box<dyn Session>, Refusal> {
        let session = BurnSession::<burn_ndarray::NdArray>::new(job, NdArrayDevice::Cpu)?;
        Ok(Box::new(session))
    }
}
