use std::collections::BTreeMap;

use formbench_measure::WorkerCommand;
use formbench_protocol::{
    Description, EngineInfo, ExportRequest, Job, OperatorProfile, ProfileRequest, Subject,
};

use crate::{InferenceProfile, OperatorScript, ProfileError};

/// Engines that show their operators.
pub const SHOWN: [&str; 4] = ["pytorch", "openvino", "onnxruntime", "tract"];

/// What is needed to time an architecture operator by operator.
#[derive(Clone, Copy, Debug)]
pub struct Profiler<'a> {
    /// How to start a worker.
    pub worker: &'a WorkerCommand,
    /// What it has.
    pub description: &'a Description,
    /// Asks the profilers of engines that have a Python package, if it and an interpreter are here.
    pub script: Option<OperatorScript<'a>>,
    /// Inferences with the profiler.
    pub inferences: u32,
}

impl Profiler<'_> {
    /// Returns the engine of a name, if it is here.
    ///
    /// # Errors
    /// There is none, or it is not here.
    pub fn engine(&self, name: &str) -> Result<&EngineInfo, ProfileError> {
        let engines = &self.description.engines;
        match engines.iter().find(|info| info.identity.name == name) {
            Some(info) => match &info.refusal {
                None => Ok(info),
                Some(refusal) => Err(ProfileError::NotHere {
                    name: name.to_owned(),
                    reason: refusal.to_string(),
                }),
            },
            None => {
                let known = engines.iter().map(|info| info.identity.name.as_str());
                let known = known.collect::<Vec<_>>().join(", ");
                Err(ProfileError::UnknownEngine { name: name.to_owned(), known })
            }
        }
    }

    /// Returns where the time of an inference of a job goes.
    ///
    /// # Errors
    /// The engine is not here, cannot run the architecture, or shows no operators.
    pub fn profile(&self, job: &Job) -> Result<InferenceProfile, ProfileError> {
        let info = self.engine(&job.engine)?;
        let subject = job.subject();
        let graph = self.worker.inspect(&subject)?;
        let said = if OperatorScript::takes(&job.engine) {
            self.by_script(job, subject)?
        } else {
            self.by_worker(job, info)?
        };
        Ok(InferenceProfile::new(said, &graph))
    }

    fn by_script(&self, job: &Job, subject: Subject) -> Result<OperatorProfile, ProfileError> {
        let name = job.engine.clone();
        let script = self.script.ok_or(ProfileError::NoScript { name })?;
        if !OperatorScript::takes_options(&job.engine, &job.options) {
            let reason = "its profiler is asked with the engine's defaults, or with `graph_optimization` of onnxruntime alone";
            let reason = reason.to_owned();
            return Err(ProfileError::Failed { name: job.engine.clone(), reason });
        }
        let folder = tempfile::tempdir().map_err(ProfileError::NoTemporaryFolder)?;
        let file = folder.path().join("model.onnx");
        self.worker.export(ExportRequest { subject, path: file.clone() })?;
        script.profile(job, &file, self.inferences)
    }

    fn by_worker(&self, job: &Job, info: &EngineInfo) -> Result<OperatorProfile, ProfileError> {
        let names = info.thread_variables.iter();
        let variables: BTreeMap<String, String> =
            names.map(|name| (name.clone(), job.threads.to_string())).collect();
        let request = ProfileRequest { inferences: self.inferences };
        Ok(self.worker.profile(job.clone(), &variables, request)?)
    }
}
