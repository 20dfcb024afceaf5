//! A prepared model with its inputs, and the outputs that each of them gave first.

use std::panic::{AssertUnwindSafe, catch_unwind};

use formbench_engines::{Clock, Engine, Session, TimedOperators};
use formbench_protocol::{
    Architecture, Array, BUFFERS, CLASSES, Job, Output, Prepared, Refusal, RefusalKind, Values,
};
use formbench_seed::arrays;
use formbench_statistics::{Tolerance, disagreement};

use crate::timing;

/// A session that has answered once.
pub struct Loaded {
    pub clock: Clock,
    session: Box<dyn Session>,
    buffers: Vec<Vec<Array>>,
    /// The outputs of each buffer when it was first used.
    expected: Vec<Option<Vec<Array>>>,
    last: Vec<Array>,
    turn: usize,
}

impl Loaded {
    /// Returns the loaded model and its first answer.
    ///
    /// # Errors
    /// The engine's refusal, or one that states why its outputs are unusable.
    pub fn prepare(engine: &dyn Engine, job: &Job) -> Result<(Self, Prepared), Refusal> {
        let model = guard(|| engine.model(job))?;
        let (session, load_ns) = timing::load(|| guard(|| engine.prepare(job, model)))?;
        let precision = session.precision();
        let buffers =
            (0..BUFFERS).map(|variant| arrays(&job.input, variant)).collect::<Result<_, _>>();
        let buffers =
            buffers.map_err(|error| Refusal::new(RefusalKind::Failed, error.to_string()))?;
        let mut loaded = Self::new(session, buffers);
        let first_inference_ns = loaded.infer()?;
        let mut outputs: Vec<Output> = loaded.last.iter().map(output).collect();
        for _ in 1..BUFFERS {
            loaded.infer()?;
            if loaded.last.len() != outputs.len() {
                return Err(disagrees("the number of outputs depends on the inputs".to_owned()));
            }
            for (output, array) in outputs.iter_mut().zip(&loaded.last) {
                output.values.extend(array.elements.values());
            }
        }
        check_outputs(&outputs, job)?;
        let identity = engine.identity();
        Ok((loaded, Prepared { identity, precision, load_ns, first_inference_ns, outputs }))
    }

    fn new(session: Box<dyn Session>, buffers: Vec<Vec<Array>>) -> Self {
        Self {
            clock: session.clock(),
            session,
            expected: vec![None; buffers.len()],
            turn: buffers.len() - 1,
            buffers,
            last: Vec::new(),
        }
    }

    /// Returns the latency of one inference on the next buffer, in nanoseconds.
    ///
    /// # Errors
    /// A refusal with the engine's error, also if the engine panicked.
    pub fn infer(&mut self) -> Result<u64, Refusal> {
        self.turn = (self.turn + 1) % self.buffers.len();
        let inputs = &self.buffers[self.turn];
        let session = &mut self.session;
        let (outputs, latency_ns) =
            guard(|| timing::inference(&self.clock, || session.infer(inputs)).map_err(failed))?;
        self.last = outputs;
        if self.expected[self.turn].is_none() {
            self.expected[self.turn] = Some(self.last.clone());
        }
        Ok(latency_ns)
    }

    /// Returns what the operators of one inference on the next buffer took, and its latency in nanoseconds.
    ///
    /// # Errors
    /// A refusal with the engine's error, also if it shows no operators.
    pub fn operator_times(&mut self) -> Result<(TimedOperators, u64), Refusal> {
        self.turn = (self.turn + 1) % self.buffers.len();
        let (session, inputs) = (&mut self.session, &self.buffers[self.turn]);
        guard(|| timing::inference(&self.clock, || session.operator_times(inputs)).map_err(failed))
    }

    /// Returns whether the last outputs agree with those that the same inputs gave first.
    ///
    /// # Errors
    /// A refusal with the largest difference and its place.
    pub fn check_last(&self) -> Result<(), Refusal> {
        let Some(expected) = &self.expected[self.turn] else { return Ok(()) };
        if expected.len() != self.last.len() {
            return Err(changed("in number"));
        }
        expected.iter().zip(&self.last).try_for_each(|(expected, last)| check(expected, last))
    }
}

fn output(array: &Array) -> Output {
    let (shape, element_type) = (array.shape.clone(), array.elements.element_type());
    Output { shape, element_type, values: array.elements.values() }
}

fn check(expected: &Array, last: &Array) -> Result<(), Refusal> {
    match (expected.elements.values(), last.elements.values()) {
        (Values::Floats(expected), Values::Floats(last)) => {
            match disagreement(&expected, &last, Tolerance::default()) {
                Ok(None) => Ok(()),
                Ok(Some(difference)) => Err(changed(&format!(
                    "by {:.1e} at index {}, allowed {:.1e}",
                    difference.difference, difference.at, difference.allowed
                ))),
                Err(error) => Err(disagrees(format!("logits changed while timing: {error}"))),
            }
        }
        (expected, last) if expected == last => Ok(()),
        _ => Err(changed("in whole numbers")),
    }
}

/// Refuses logits of the wrong number and numbers that are not finite. A model from a file may give whatever it likes,
/// but something.
fn check_outputs(outputs: &[Output], job: &Job) -> Result<(), Refusal> {
    let found: usize = outputs.iter().map(|output| output.values.len()).sum();
    let batch = job.input.images().map_or(1, |images| images.batch);
    let logits = BUFFERS as usize * batch as usize * CLASSES;
    let is_right = match &job.architecture {
        Architecture::File(_) => found > 0,
        Architecture::Network { .. } | Architecture::Pattern { .. } => found == logits,
    };
    if !is_right {
        let expected = match &job.architecture {
            Architecture::File(_) => "some".to_owned(),
            Architecture::Network { .. } | Architecture::Pattern { .. } => logits.to_string(),
        };
        return Err(disagrees(format!("{found} logits, expected {expected}")));
    }
    for (at, output) in outputs.iter().enumerate() {
        let floats = output.values.floats().unwrap_or_default();
        if let Some(index) = floats.iter().position(|value| !value.is_finite()) {
            let of = if outputs.len() > 1 { format!(" of output {at}") } else { String::new() };
            let found = floats[index];
            return Err(disagrees(format!(
                "the logit at index {index}{of} is `{found}`, expected a number"
            )));
        }
    }
    Ok(())
}

fn changed(how: &str) -> Refusal {
    disagrees(format!("logits changed while timing {how}"))
}

fn disagrees(reason: String) -> Refusal {
    Refusal::new(RefusalKind::Disagrees, reason)
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
