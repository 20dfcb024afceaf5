//! Burn on candle, Hugging Face's tensor library, on the processor.

use formbench_protocol::{Identity, Job, Refusal};

use crate::{Engine, Model, Session};

/// Burn on candle.
pub struct Candle;

impl Engine for Candle {
    fn name(&self) -> &'static str {
        "burn/candle"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name(), super::GEMM)
    }

    /// candle reads rayon's variable for its matrix products too.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS"]
    }

    fn known_defect(&self) -> Option<&'static str> {
        Some(
            "candle approximates GELU by tanh (`Tensor::gelu`), as its `gelu_erf` does not: what has many, as transformers have, \
             differs by more than rounding",
        )
    }

    fn runs_modules(&self) -> bool {
        true
    }

    fn prepare(&self, job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        super::session(&job.subject(), formbench_backends::candle)
    }
}
