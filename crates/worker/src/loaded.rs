//! A prepared model with its images, and the logits that each of them gave first.

use std::panic::{AssertUnwindSafe, catch_unwind};

use formbench_engines::{Clock, Engine, Session};
use formbench_protocol::{
    Architecture, BUFFERS, CLASSES, Images, Job, Prepared, Refusal, RefusalKind,
};
use formbench_seed::images;
use formbench_statistics::{Tolerance, disagreement};

use crate::timing;

/// A session that has answered once.
pub struct Loaded {
    pub clock: Clock,
    session: Box<dyn Session>,
    buffers: Vec<Vec<f32>>,
    /// The logits of each buffer when it was first used.
    expected: Vec<Option<Vec<f32>>>,
    last: Vec<f32>,
    turn: usize,
}

impl Loaded {
    /// Returns the loaded model and its first answer.
    ///
    /// # Errors
    /// The engine's refusal, or one that states why its logits are unusable.
    pub fn prepare(engine: &dyn Engine, job: &Job) -> Result<(Self, Prepared), Refusal> {
        let images = job.input.require_images()?;
        let model = guard(|| engine.model(job))?;
        let (session, load_ns) = timing::load(|| guard(|| engine.prepare(job, model)))?;
        let precision = session.precision();
        let mut loaded = Self::new(session, &images);
        let first_inference_ns = loaded.infer()?;
        let mut logits = loaded.last.clone();
        for _ in 1..BUFFERS {
            loaded.infer()?;
            logits.extend_from_slice(&loaded.last);
        }
        check_logits(&logits, &job.architecture, &images)?;
        let identity = engine.identity();
        Ok((loaded, Prepared { identity, precision, load_ns, first_inference_ns, logits }))
    }

    fn new(session: Box<dyn Session>, input: &Images) -> Self {
        Self {
            clock: session.clock(),
            session,
            buffers: (0..BUFFERS).map(|variant| images(input, variant)).collect(),
            expected: vec![None; BUFFERS as usize],
            last: Vec::new(),
            turn: BUFFERS as usize - 1,
        }
    }

    /// Returns the latency of one inference on the next buffer, in nanoseconds.
    ///
    /// # Errors
    /// A refusal with the engine's error, also if the engine panicked.
    pub fn infer(&mut self) -> Result<u64, Refusal> {
        self.turn = (self.turn + 1) % self.buffers.len();
        let images = &self.buffers[self.turn];
        let session = &mut self.session;
        let (logits, latency_ns) =
            guard(|| timing::inference(&self.clock, || session.infer(images)).map_err(failed))?;
        self.last = logits;
        if self.expected[self.turn].is_none() {
            self.expected[self.turn] = Some(self.last.clone());
        }
        Ok(latency_ns)
    }

    /// Returns whether the last logits agree with those that the same images gave first.
    ///
    /// # Errors
    /// A refusal with the largest difference and its place.
    pub fn check_last(&self) -> Result<(), Refusal> {
        let Some(expected) = &self.expected[self.turn] else { return Ok(()) };
        let refuse = |reason| Err(Refusal::new(RefusalKind::Disagrees, reason));
        match disagreement(expected, &self.last, Tolerance::default()) {
            Ok(None) => Ok(()),
            Ok(Some(difference)) => refuse(format!(
                "logits changed while timing by {:.1e} at index {}, allowed {:.1e}",
                difference.difference, difference.at, difference.allowed
            )),
            Err(error) => refuse(format!("logits changed while timing: {error}")),
        }
    }
}

/// Refuses logits of the wrong number and logits that are not finite. A model from a file may have
/// any number of classes, but each image has all of them.
fn check_logits(
    logits: &[f32],
    architecture: &Architecture,
    input: &Images,
) -> Result<(), Refusal> {
    let images = (BUFFERS * input.batch) as usize;
    let (are_all, expected) = match architecture {
        Architecture::File(_) => {
            let are_all = !logits.is_empty() && logits.len().is_multiple_of(images);
            (are_all, format!("as many for each of {images} images"))
        }
        Architecture::Network { .. } | Architecture::Pattern { .. } => {
            let expected = images * CLASSES;
            (logits.len() == expected, expected.to_string())
        }
    };
    if !are_all {
        let reason = format!("{} logits, expected {expected}", logits.len());
        return Err(Refusal::new(RefusalKind::Disagrees, reason));
    }
    match logits.iter().position(|logit| !logit.is_finite()) {
        None => Ok(()),
        Some(at) => {
            let reason = format!("the logit at index {at} is `{}`, expected a number", logits[at]);
            Err(Refusal::new(RefusalKind::Disagrees, reason))
        }
    }
}

fn failed(failure: formbench_engines::Failure) -> Refusal {
    Refusal::new(RefusalKind::Failed, failure.reason)
}

/// Returns what `run` returns, or a refusal if the engine panics; the panic's message is on stderr
/// already.
pub fn guard<T>(run: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(Refusal::new(RefusalKind::Failed, format!("the engine panicked: {text}")))
    })
}
