use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::LastLevel;
use crate::WorkerCommand;

const PROGRAM: &str = "valgrind";
/// The command of util-linux that starts a program without address randomisation.
const FIXED_ADDRESSES: [&str; 2] = ["setarch", "--addr-no-randomize"];

/// Why valgrind cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ValgrindError {
    /// Its program does not start.
    #[error("`{program}` does not start; install valgrind (Debian: `apt install valgrind`)")]
    NotStarted {
        /// What was started.
        program: &'static str,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// It prints something other than its version.
    #[error("`valgrind --version`: expected `valgrind-…`, got `{got}`")]
    NoVersion {
        /// What it printed.
        got: String,
    },
    /// It does not obey a command while it runs.
    #[error(
        "valgrind does not `{command}`: {stderr}; it is reached through ptrace, which a container may forbid"
    )]
    NotReached {
        /// The command.
        command: &'static str,
        /// What `vgdb` printed.
        stderr: String,
    },
    /// It left no counts.
    #[error("{}: no counts of callgrind's", path.display())]
    NoCounts {
        /// The dump.
        path: PathBuf,
    },
}

/// The valgrind that is installed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valgrind {
    /// Version, such as `3.19.0`.
    pub version: String,
    /// Whether its programs get the same addresses in every process. Linux randomises addresses,
    /// which decide what lines share a set of a cache; a container may forbid turning that off.
    pub fixed_addresses: bool,
}

impl Valgrind {
    /// The tool that simulates caches and can be told when to start.
    pub const TOOL: &str = "callgrind";

    /// Returns the installed valgrind.
    ///
    /// # Errors
    /// There is none.
    pub fn find() -> Result<Self, ValgrindError> {
        let version = output(PROGRAM, &["--version"])?;
        let said = String::from_utf8_lossy(&version.stdout).trim().to_owned();
        match said.strip_prefix("valgrind-") {
            Some(version) => {
                let fixed = output(FIXED_ADDRESSES[0], &[FIXED_ADDRESSES[1], "true"]);
                let fixed_addresses = fixed.is_ok_and(|output| output.status.success());
                Ok(Self { version: version.to_owned(), fixed_addresses })
            }
            None => Err(ValgrindError::NoVersion { got: said }),
        }
    }

    /// Returns the command for a worker that is translated and not simulated: it sees the processor
    /// that valgrind shows.
    pub(super) fn translated(&self, worker: &WorkerCommand) -> Command {
        let mut command = self.command();
        command.args(["--tool=none", "--quiet"]).arg(&worker.program);
        command
    }

    /// Returns valgrind without arguments.
    fn command(&self) -> Command {
        if !self.fixed_addresses {
            return Command::new(PROGRAM);
        }
        let [program, option] = FIXED_ADDRESSES;
        let mut command = Command::new(program);
        command.args([option, PROGRAM]);
        command
    }

    /// Returns the command for a worker whose caches are simulated once `tell` asks for it;
    /// `folder` takes the dumps and the pipes that `tell` uses.
    ///
    /// A worker that executes another program in its place stays under the simulator.
    pub(super) fn simulated(
        &self,
        worker: &WorkerCommand,
        last_level: LastLevel,
        folder: &Path,
    ) -> Command {
        let mut command = self.command();
        command.arg(format!("--tool={}", Self::TOOL));
        command.args(["--cache-sim=yes", "--instr-atstart=no", "--trace-children=yes"]);
        command.args(last_level.arguments());
        command.arg(with_path("--callgrind-out-file=", &folder.join("dump.%p")));
        command.arg(with_path("--vgdb-prefix=", &pipes(folder)));
        command.arg(&worker.program);
        command
    }
}

/// Sends a command to the valgrind that runs as process `id`.
///
/// # Errors
/// It cannot be reached.
pub(super) fn tell(folder: &Path, id: u32, command: &'static str) -> Result<(), ValgrindError> {
    let (prefix, pid) = (with_path("--vgdb-prefix=", &pipes(folder)), format!("--pid={id}"));
    let words = [prefix.as_str(), &pid].into_iter().chain(command.split(' '));
    let output = output("vgdb", &words.collect::<Vec<_>>())?;
    if output.status.success() {
        Ok(())
    } else {
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(ValgrindError::NotReached { command, stderr })
    }
}

/// Returns the file that the first dump of a process is in.
pub(super) fn dump(folder: &Path, id: u32) -> PathBuf {
    folder.join(format!("dump.{id}.1"))
}

fn pipes(folder: &Path) -> PathBuf {
    folder.join("vgdb")
}

fn with_path(option: &str, path: &Path) -> String {
    format!("{option}{}", path.display())
}

fn output(program: &'static str, arguments: &[&str]) -> Result<Output, ValgrindError> {
    let output = Command::new(program).args(arguments).output();
    output.map_err(|source| ValgrindError::NotStarted { program, source })
}
