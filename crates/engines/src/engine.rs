use std::process::Command;

use formbench_protocol::{
    Array, EngineInfo, EngineKind, Identity, Job, OperatorTime, OptionInfo, Precision,
    REFERENCE_ENGINE, Refusal,
};

use crate::{Clock, Model};

/// What can execute an architecture.
pub trait Engine {
    /// Returns the name that experiments use, such as `burn/candle`.
    fn name(&self) -> &'static str;

    /// Returns name, version and device.
    fn identity(&self) -> Identity;

    /// Returns whether this engine is measured or tests the harness.
    fn kind(&self) -> EngineKind {
        EngineKind::Engine
    }

    /// Returns the options that this engine understands.
    fn options(&self) -> Vec<OptionInfo> {
        Vec::new()
    }

    /// Returns the environment variables that set its threads before its process starts.
    fn thread_variables(&self) -> &'static [&'static str];

    /// Returns the engine whose logits this one must agree with, on architectures that it can load.
    fn reference(&self) -> &'static str {
        REFERENCE_ENGINE
    }

    /// Returns whether it runs architectures of ours as Burn's modules, and not from an ONNX file, unless an option asks for it.
    fn runs_modules(&self) -> bool {
        false
    }

    /// Returns whether it runs somebody's ONNX file.
    fn takes_files(&self) -> bool {
        !self.runs_modules()
    }

    /// Returns what is known to make this release's logits wrong on some models, with where that is
    /// reported.
    fn known_defect(&self) -> Option<&'static str> {
        None
    }

    /// Checks whether this engine can be timed on this host.
    ///
    /// # Errors
    /// The refusal carries the remedy.
    fn check(&self) -> Result<(), Refusal> {
        Ok(())
    }

    /// Returns what `prepare` is to load; making it is not part of loading.
    ///
    /// # Errors
    /// A refusal if there is no such architecture, or no form of it that the engine takes.
    fn model(&self, _job: &Job) -> Result<Model, Refusal> {
        Ok(Model::Module)
    }

    /// Returns a loaded model that is ready for its first inference.
    ///
    /// # Errors
    /// A refusal if the engine cannot execute this job.
    fn prepare(&self, job: &Job, model: Model) -> Result<Box<dyn Session>, Refusal>;

    /// Returns the program that serves this engine in the worker's place, for an engine in another
    /// language; the worker becomes that program, which answers the job that started it first.
    ///
    /// # Errors
    /// A refusal if the program cannot be made ready.
    fn program(&self, _job: &Job, _replies: i32) -> Result<Option<Command>, Refusal> {
        Ok(None)
    }

    /// Returns what a worker tells the command about this engine.
    fn info(&self) -> EngineInfo {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        EngineInfo {
            identity: self.identity(),
            kind: self.kind(),
            options: self.options(),
            thread_variables: owned(self.thread_variables()),
            reference: self.reference().to_owned(),
            runs_modules: self.runs_modules(),
            takes_files: self.takes_files(),
            known_defect: self.known_defect().map(str::to_owned),
            refusal: self.check().err(),
        }
    }
}

/// What the operators of one inference took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimedOperators {
    /// In the order in which they ran.
    pub operators: Vec<OperatorTime>,
    /// From the start of the first one to the end of the last, in nanoseconds.
    pub span_ns: f64,
}

/// A loaded model.
pub trait Session {
    /// Returns the model's outputs in its order, once they are readable on the host: a network's are its logits,
    /// `[batch, classes]`.
    ///
    /// This call is the timed span.
    ///
    /// # Shapes
    /// - `inputs`: those of the job, in its order; images are one array, `[batch, 3, resolution, resolution]`
    ///
    /// # Errors
    /// A failure if the engine returned one.
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure>;

    /// Returns what the operators of one inference took, with a clock around each; of an engine that shows its operators.
    ///
    /// # Shapes
    /// - `inputs`: those of [`Session::infer`]
    ///
    /// # Errors
    /// A failure if the engine returned one, or shows no operators.
    fn operator_times(&mut self, _inputs: &[Array]) -> Result<TimedOperators, Failure> {
        Err(Failure::new("shows no operators"))
    }

    /// Returns the numeric precision that the session computes in.
    fn precision(&self) -> Precision {
        Precision::F32
    }

    /// Returns the clock that times this session.
    fn clock(&self) -> Clock {
        Clock::monotonic()
    }
}

/// Why one inference gave no outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the engine said: a lower-case fragment.
    pub reason: String,
}

impl Failure {
    /// Returns a failure with what the engine said.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
