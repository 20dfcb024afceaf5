use std::path::Path;
use std::process::{Command, Output};

use crate::FleetError;

/// What to do where Slurm is not here.
const REMEDY: &str =
    "run where Slurm's commands are, or give `formbench fleet script` to another scheduler";

/// Slurm's commands, as they are found here.
pub struct Slurm;

impl Slurm {
    /// Looks whether jobs can be submitted from here.
    ///
    /// # Errors
    /// Slurm is not here.
    pub fn find() -> Result<(), FleetError> {
        let found = Command::new("sbatch").arg("--version").output();
        found.map(drop).map_err(FleetError::starting("sbatch", REMEDY))
    }

    /// Submits a script, and returns the job's number.
    ///
    /// # Errors
    /// Slurm is not here, or does not take it.
    pub fn submit(script: &Path) -> Result<String, FleetError> {
        const PROGRAM: &str = "sbatch";
        let asked = Command::new(PROGRAM).arg("--parsable").arg(script).output();
        let output = asked.map_err(FleetError::starting(PROGRAM, REMEDY))?;
        let printed = text(&output.stdout);
        // On several clusters its name comes behind.
        let number = printed.split(';').next().unwrap_or_default().to_owned();
        if output.status.success() && !number.is_empty() {
            Ok(number)
        } else {
            Err(failed(PROGRAM, &output))
        }
    }

    /// Returns what the queue says of a job, such as `RUNNING`; an empty word where it is in it no more.
    ///
    /// # Errors
    /// Slurm is not here, or does not answer.
    pub fn state(id: &str) -> Result<String, FleetError> {
        const PROGRAM: &str = "squeue";
        let asked =
            Command::new(PROGRAM).args(["--noheader", "--format=%T", "--jobs", id]).output();
        let output = asked.map_err(FleetError::starting(PROGRAM, REMEDY))?;
        if output.status.success() {
            Ok(text(&output.stdout))
        } else if text(&output.stderr).contains("Invalid job id") {
            // It was forgotten.
            Ok(String::new())
        } else {
            Err(failed(PROGRAM, &output))
        }
    }
}

fn failed(program: &'static str, output: &Output) -> FleetError {
    let said = text(&output.stderr).lines().collect::<Vec<_>>().join("; ");
    FleetError::Failed {
        program,
        reason: if said.is_empty() { output.status.to_string() } else { said },
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
