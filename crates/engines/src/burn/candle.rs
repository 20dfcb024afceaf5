//! Burn on candle, Hugging Face's tensor library, on the processor.

#![expect(deprecated, reason = "0.21 is the last Burn with candle, which the study compares")]

use burn_candle::CandleDevice;
use formbench_protocol::{Identity, Job, Refusal};

use super::session::BurnSession;
use crate::{Engine, Session};

/// Burn on candle.
pub struct Candle;

impl Engine for Candle {
    fn name(&self) -> &'static str {
        "burn/candle"
    }

    fn identity(&self) -> Identity {
        super::on_the_processor(self.name())
    }

    /// candle reads rayon's variable for its matrix products too.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["RAYON_NUM_THREADS"]
    }

    fn prepare(&self, job: &Job) -> Result<Box<dyn Session>, Refusal> {
        let session = BurnSession::<burn_candle::Candle>::new(job, CandleDevice::Cpu)?;
        Ok(Box::new(session))
    }
}
