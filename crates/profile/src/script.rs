//! The script that asks the profilers of engines that have a Python package.

use std::path::Path;
use std::process::{Command, Stdio};

use formbench_measure::host::clear_pinning;
use formbench_protocol::{Job, OperatorProfile, Options};
use serde::Deserialize;
use serde_json::Value;

use crate::ProfileError;

/// Engines that the script asks.
const ENGINES: [&str; 3] = ["onnxruntime", "openvino", "pytorch"];

/// The only option that the script takes, and the engine that has it.
const OPTION: (&str, &str) = ("onnxruntime", "graph_optimization");

/// `operators.py` of the engines, and what interprets it.
#[derive(Clone, Copy, Debug)]
pub struct OperatorScript<'a> {
    /// The interpreter.
    pub python: &'a Path,
    /// The script.
    pub path: &'a Path,
}

/// What the script says.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Profile(OperatorProfile),
    Absent { absent: String },
}

impl OperatorScript<'_> {
    /// Returns whether the script asks an engine's profiler.
    pub fn takes(engine: &str) -> bool {
        ENGINES.contains(&engine)
    }

    /// Returns whether the script can ask an engine's profiler with these options: with none, or with ONNX Runtime's level of
    /// graph optimisation.
    pub fn takes_options(engine: &str, options: &Options) -> bool {
        options.iter().all(|(name, value)| (engine, name.as_str()) == OPTION && value.is_string())
    }

    /// Returns the profile of a file.
    ///
    /// # Errors
    /// The interpreter does not start, or the engine's profiler gives nothing.
    pub(crate) fn profile(
        &self,
        job: &Job,
        file: &Path,
        inferences: u32,
    ) -> Result<OperatorProfile, ProfileError> {
        let engine = &job.engine;
        let mut command = Command::new(self.python);
        clear_pinning(&mut command);
        command.args(["-B".as_ref(), self.path, engine.as_ref(), file]);
        if let Some(level) = job.options.get(OPTION.1).and_then(Value::as_str) {
            command.args(["--graph-optimization", level]);
        }
        let output = command
            .args(["--threads", &job.threads.to_string()])
            .args(["--inferences", &inferences.to_string()])
            .stdin(Stdio::null())
            .output()
            .map_err(|source| ProfileError::NoInterpreter {
                program: self.python.to_owned(),
                source,
            })?;
        let failed = |reason: String| ProfileError::Failed { name: engine.clone(), reason };
        match serde_json::from_slice(&output.stdout) {
            Ok(Said::Profile(profile)) => Ok(profile),
            Ok(Said::Absent { absent }) => Err(failed(absent)),
            Err(_) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let last = said.trim().lines().last().unwrap_or("no reason").to_owned();
                // A signal says that its limit was up.
                Err(failed(format!("its profiler said nothing ({}): {last}", output.status)))
            }
        }
    }
}
