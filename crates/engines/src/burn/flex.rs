//! Burn on flex, Burn's own portable processor backend.

use burn_flex::FlexDevice;
use formbench_protocol::{Identity, Job, Refusal};

use super::session::BurnSession;
use crate::{Engine, Session};

/// Burn on flex.
pub struct Flex;

impl Engine for Flex {
    fn name(&self) -> &'static str {
        "burn/flex"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name())
    }

    /// Kernels and matrix products share rayon's pool.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS"]
    }

    fn prepare(&self, job: &Job) -> Result<Box<dyn Session>, Refusal> {
        let session = BurnSession::<burn_flex::Flex>::new(job, FlexDevice)?;
        Ok(Box::new(session))
    }
}
