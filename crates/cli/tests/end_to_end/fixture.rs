//! A folder with experiments of its own, and the command run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use formbench_store::Run;
use tempfile::TempDir;

/// A budget that a simulated engine meets at once: three inferences, two blocks, four rounds.
pub const PROFILES: &str = "\
quick: &all
  rounds: 4
  most_rounds: 4
  blocks: 2
  block_inferences: 3
  block_s: 0.001
  warm_up_inferences: 2
  warm_up_s: 0.001
  warm_up_cap_s: 0.1
  warm_up_stable_within: 0.02
  limit_s: 20
  cell_limit_s: 60
  ratio_half_width: 0.02
standard: *all
full: *all
";

/// Two engines on two patterns, the second twice as fast as the first.
pub const EXPERIMENT: &str = "\
question: Is half the latency twice the speed?
architectures:
  - pattern: [plain, residual]
    depth: 8
    width: 16
  - network: resnet18
engines:
  - { engine: fake, options: { latency_ns: 1000000 } }
  - { engine: fake, options: { latency_ns: 500000 } }
baseline: { engine: fake, options: { latency_ns: 1000000 } }
input: { batch: 1, resolution: 32, seed: 7 }
threads: [1]
figures: [speedup-by-pattern, network-latency]
";

/// A temporary project.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// Returns a project with one experiment, `set/asked`.
    pub fn new(experiment: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Self { folder };
        std::fs::create_dir_all(project.path("experiments/set")).unwrap();
        std::fs::write(project.path("experiments/profiles.yaml"), PROFILES).unwrap();
        std::fs::write(project.path("experiments/set/asked.yaml"), experiment).unwrap();
        project
    }

    /// Returns a path in the project.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Returns the command, not started yet, with the fake worker.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_formbench"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("FORMBENCH_WORKER", fake_worker());
        command.env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the command, which must succeed, and returns its stdout.
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns the only run's folder.
    pub fn run_folder(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.path("data/runs")).unwrap();
        let folders: Vec<_> = entries.map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
        assert_eq!(folders.len(), 1, "{folders:?}");
        folders[0].clone()
    }

    /// Returns the only run.
    pub fn data(&self) -> Run {
        Run::read(&self.run_folder()).unwrap()
    }
}

/// Returns what a command said on stderr.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Lets a file be started.
pub fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Cargo builds a package's examples beside its tests.
pub fn fake_worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let worker = profile.join("examples/fake_worker");
    assert!(worker.is_file(), "{} is missing: build the examples too", worker.display());
    worker
}
