//! PyTorch in a Python process, on real layers made from the ONNX file.
//!
//! The worker becomes that process, which speaks the worker's protocol: see `python/` here.

mod installation;
mod sources;

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use formbench_protocol::{
    Array, BUFFERS, Device, DeviceKind, Identity, Job, OptionInfo, Refusal, RefusalKind,
};

use crate::{Engine, Model, Session, instruction_set, option};
use installation::Installation;

/// What ATen has kernels for and chooses from when it starts.
const INSTRUCTION_SETS: &[&str] = &["avx512f", "avx2", "neon"];

/// Puts waiting threads to sleep at once: libgomp's, which PyTorch brings on Linux, by the first two; LLVM's,
/// which it brings on macOS, by the last.
const SLEEPING: [(&str, &str); 3] =
    [("OMP_WAIT_POLICY", "PASSIVE"), ("GOMP_SPINCOUNT", "0"), ("KMP_BLOCKTIME", "0")];

/// PyTorch.
pub struct PyTorch;

impl Engine for PyTorch {
    fn name(&self) -> &'static str {
        "pytorch"
    }

    fn identity(&self) -> Identity {
        let found = Installation::find().ok();
        let build = found.as_ref().map(|found| format!("commit {}", found.commit));
        Identity {
            name: self.name().to_owned(),
            version: found.map(|found| found.version).unwrap_or_default(),
            build: build.unwrap_or_default(),
            instruction_set: instruction_set::widest(INSTRUCTION_SETS),
            device: Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu },
        }
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![mode(), option::waiting()]
    }

    /// OpenMP's threads are ATen's and oneDNN's; MKL has a variable of its own.
    fn thread_variables(&self) -> &'static [&'static str] {
        &["OMP_NUM_THREADS", "MKL_NUM_THREADS"]
    }

    fn check(&self) -> Result<(), Refusal> {
        Installation::find()?.check_libraries()
    }

    /// Layers are made from shapes and operators as they are written here, also those of a file.
    fn model(&self, job: &Job) -> Result<Model, Refusal> {
        Model::written(job)
    }

    fn prepare(&self, _job: &Job, _model: Model) -> Result<Box<dyn Session>, Refusal> {
        let reason = "pytorch: runs as a program of its own, not in the worker's process";
        Err(Refusal::new(RefusalKind::Unsupported, reason))
    }

    fn program(&self, job: &Job, replies: i32) -> Result<Option<Command>, Refusal> {
        let installation = Installation::find()?;
        installation.check_libraries()?;
        option::word(job, &mode())?;
        let spins = option::word(job, &option::waiting())? == option::SPIN;
        let Model::Onnx(model) = self.model(job)? else {
            return Err(failed("expected an ONNX file"));
        };
        let arguments = [serde_json::to_string(job), serde_json::to_string(&self.identity())];
        let inputs = (0..BUFFERS).map(|variant| formbench_seed::arrays(&job.input, variant));
        let inputs: Vec<Vec<Array>> = inputs.collect::<Result<_, _>>().map_err(failed)?;
        let folder = folder(&inputs, &model).map_err(|error| {
            failed(error).remedy("free space in the temporary directory, or set TMPDIR to another")
        })?;
        let mut command = Command::new(installation.python);
        if !spins {
            command.envs(SLEEPING);
        }
        command.args(["-I", "-B"]).args([&folder, &folder]);
        for argument in arguments {
            command.arg(argument.map_err(failed)?);
        }
        command.arg(replies.to_string());
        Ok(Some(command))
    }
}

fn mode() -> OptionInfo {
    option::words("mode", &["eager", "script", "compile"])
}

/// Returns a new folder with all that the program reads; it is the program that deletes it.
fn folder(inputs: &[Vec<Array>], model: &[u8]) -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix("formbench-pytorch-").tempdir()?;
    write(folder.path(), inputs, model)?;
    Ok(folder.keep())
}

/// Writes the program itself, the model, and the bytes of the inputs' elements, low byte first.
fn write(folder: &Path, inputs: &[Vec<Array>], model: &[u8]) -> io::Result<()> {
    sources::write(folder)?;
    fs::write(folder.join("model.onnx"), model)?;
    inputs.iter().enumerate().try_for_each(|(variant, arrays)| {
        arrays.iter().enumerate().try_for_each(|(at, array)| {
            fs::write(folder.join(format!("input-{variant}-{at}")), array.elements.bytes())
        })
    })
}

fn failed(reason: impl Display) -> Refusal {
    Refusal::new(RefusalKind::Failed, format!("pytorch: {reason}"))
}
