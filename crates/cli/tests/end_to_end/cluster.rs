//! A real Slurm of two nodes, `n1` and `n2`, both of the feature `epyc`, on this machine.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A cluster, which ends with this value.
pub struct Cluster {
    folder: TempDir,
}

impl Cluster {
    /// Starts a cluster; returns nothing where Slurm is not installed, which is an error where every test has to run.
    pub fn start() -> Option<Self> {
        if !has_slurm() {
            let said = "slurmctld, slurmd, slurm-client and munge are not installed: not tested";
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{said}");
            // Whoever tests is to know, so not through what the test harness keeps to itself.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "{said}").unwrap();
            return None;
        }
        let cluster = Self { folder: tempfile::tempdir().unwrap() };
        cluster.script(&["start"]);
        cluster.wait("both nodes are idle", || {
            cluster.asked("sinfo", &["--noheader", "--format=%T %D"]) == "idle 2"
        });
        Some(cluster)
    }

    /// Returns a command that talks to this cluster.
    pub fn with(&self, mut command: Command) -> Command {
        command.env("SLURM_CONF", self.folder.path().join("slurm.conf"));
        // Scratch of the nodes.
        command.env("TMPDIR", self.scratch());
        command
    }

    /// Returns where nodes have their own disks.
    pub fn scratch(&self) -> PathBuf {
        let scratch = self.folder.path().join("scratch");
        std::fs::create_dir_all(&scratch).unwrap();
        scratch
    }

    /// Returns what one of Slurm's commands prints.
    pub fn asked(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments);
        let output = self.with(command).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Returns the jobs that run on a node.
    pub fn running_on(&self, node: &str) -> Vec<String> {
        let list = self.asked(
            "squeue",
            &["--noheader", "--states=RUNNING", "--format=%i", &format!("--nodelist={node}")],
        );
        list.lines().map(str::to_owned).collect()
    }

    /// Kills a job's script and everything that it started on a node, as the kernel does where memory runs out.
    pub fn kill_job(&self, id: &str, node: &str) {
        for process in self.processes(id, node) {
            kill(&process);
        }
    }

    /// Takes the power from a node: its daemon and all that runs there are gone at once.
    pub fn crash(&self, node: &str) {
        let daemon =
            std::fs::read_to_string(self.folder.path().join(format!("{node}.pid"))).unwrap();
        kill(daemon.trim());
        let steps = self.steps(node);
        let below: Vec<String> = steps.iter().flat_map(|step| descendants(step)).collect();
        steps.iter().chain(&below).for_each(|process| kill(process));
        self.asked(
            "scontrol",
            &["update", &format!("nodename={node}"), "state=down", "reason=test"],
        );
    }

    /// Gives a node its power back.
    pub fn revive(&self, node: &str) {
        self.script(&["node", node]);
        self.wait("the node answers", || {
            self.asked("scontrol", &["update", &format!("nodename={node}"), "state=resume"]);
            let state =
                self.asked("sinfo", &["--noheader", "--format=%T", &format!("--nodes={node}")]);
            ["idle", "allocated", "mixed"].contains(&state.as_str())
        });
    }

    /// Waits until no job is left in the queue.
    pub fn drain(&self) {
        self.wait("the queue is empty", || self.asked("squeue", &["--noheader"]).is_empty());
    }

    /// Waits as long as a busy machine may need.
    pub fn wait(&self, what: &str, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            let queue = self.asked("squeue", &["--format=%i %T %N %r"]);
            assert!(
                start.elapsed() < Duration::from_secs(180),
                "not within 180 s: {what}\n{queue}"
            );
            sleep(Duration::from_millis(100));
        }
    }

    /// Returns the processes of a job on a node: those below the daemon of its step.
    fn processes(&self, id: &str, node: &str) -> Vec<String> {
        let of_job = |step: &&String| command_line(step).contains(&format!("[{id}."));
        let steps = self.steps(node);
        steps.iter().filter(of_job).flat_map(|step| descendants(step)).collect()
    }

    /// Returns the daemons of the steps of jobs that run on a node: they name their job, and have this cluster's
    /// configuration.
    fn steps(&self, node: &str) -> Vec<String> {
        let jobs =
            self.asked("squeue", &["--noheader", "--format=%i", &format!("--nodelist={node}")]);
        let jobs: Vec<_> = jobs.lines().map(|id| format!("[{id}.")).collect();
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let ids = all.filter_map(|entry| entry.file_name().into_string().ok());
        ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            .filter(|id| {
                let line = command_line(id);
                line.starts_with("slurmstepd: ")
                    && jobs.iter().any(|job| line.contains(job))
                    && self.is_ours(id)
            })
            .collect()
    }

    /// Returns whether a process has this cluster's configuration.
    fn is_ours(&self, process: &str) -> bool {
        let variables = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        let ours = format!("SLURM_CONF={}/", self.folder.path().display());
        String::from_utf8_lossy(&variables).split('\0').any(|one| one.starts_with(&ours))
    }

    fn script(&self, arguments: &[&str]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/end_to_end/slurm.sh");
        let mut command = Command::new(script);
        command.arg(arguments[0]).arg(self.folder.path()).args(&arguments[1..]);
        assert!(command.status().unwrap().success());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.script(&["stop"]);
    }
}

fn has_slurm() -> bool {
    let places = ["/usr/sbin", "/usr/bin", "/sbin", "/usr/local/sbin"];
    ["slurmctld", "slurmd", "munged", "sbatch"]
        .iter()
        .all(|program| places.iter().any(|place| Path::new(place).join(program).is_file()))
}

/// Returns a process and all that it started, as far as they live.
fn descendants(process: &str) -> Vec<String> {
    let list = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children: Vec<String> =
        list.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    let below = children.iter().flat_map(|child| descendants(child)).collect::<Vec<_>>();
    children.into_iter().chain(below).collect()
}

fn command_line(process: &str) -> String {
    let bytes = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

fn kill(process: &str) {
    // It may have ended by itself.
    let _ = Command::new("kill").args(["-KILL", process]).status();
}
