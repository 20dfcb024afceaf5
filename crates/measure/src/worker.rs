//! A worker process: asked one thing at a time, never waited for longer than its limit.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use formbench_protocol::{Reply, Request};

use crate::host::clear_pinning;
use crate::pipe::{for_each_line, keep_tail};
use crate::suspension;
use crate::worker_error::{WorkerError, WorkerResult};

/// How often a waiting command looks for an interruption.
const LOOK: Duration = Duration::from_millis(50);
/// Characters of an answer that is not the protocol's, as a refusal quotes it.
const QUOTED_CHARACTERS: usize = 120;
/// How long a worker has to end by itself once its input is closed.
const GOODBYE: Duration = Duration::from_secs(2);
/// What keeps libraries from sending reports of their use: ONNX Runtime's thread for that runs beside
/// the inferences, even where its interface was told to send none.
const NO_REPORTS: (&str, &str) = ("ORT_DISABLE_TELEMETRY", "1");
/// Set to stop a run; the block in flight is given up.
pub type Interrupt = AtomicBool;

/// How to start a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The worker's executable.
    pub program: PathBuf,
}

/// One running worker.
pub struct Worker<'a> {
    child: Child,
    requests: Option<ChildStdin>,
    replies: Receiver<Vec<u8>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
    is_stopped: bool,
    interrupted: &'a Interrupt,
}

impl<'a> Worker<'a> {
    /// Returns a fresh worker with these variables in its environment.
    ///
    /// # Errors
    /// The executable could not be started.
    pub fn start(
        command: &WorkerCommand,
        variables: &BTreeMap<String, String>,
        interrupted: &'a Interrupt,
    ) -> WorkerResult<Self> {
        Self::start_as(Command::new(&command.program), variables, interrupted)
    }

    /// Returns a worker that another program starts; the program must become the worker.
    ///
    /// # Errors
    /// The program could not be started.
    pub(crate) fn start_as(
        command: Command,
        variables: &BTreeMap<String, String>,
        interrupted: &'a Interrupt,
    ) -> WorkerResult<Self> {
        let mut child = spawn_apart(command, variables)?;
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let (sender, replies) = sync_channel(1);
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            // A send fails only when nobody waits for an answer any more.
            let forward = move |line| sender.send(line).is_ok();
            readers.push(spawn(move || for_each_line(stdout, forward)));
        }
        if let Some(pipe) = child.stderr.take() {
            let tail = stderr.clone();
            readers.push(spawn(move || keep_tail(pipe, &tail)));
        }
        let requests = child.stdin.take();
        Ok(Self { child, requests, replies, stderr, readers, is_stopped: false, interrupted })
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Stops the worker with all its threads until it is to go on, and returns whether it has stopped.
    pub(crate) fn stop(&mut self) -> bool {
        self.is_stopped = suspension::stop(self.id());
        self.is_stopped
    }

    /// Lets the worker go on if it is stopped.
    pub(crate) fn go_on(&mut self) {
        if std::mem::take(&mut self.is_stopped) {
            suspension::go_on(self.id());
        }
    }

    /// Returns the worker's answer, given within the limit.
    ///
    /// # Errors
    /// The worker refused, ended, hung or answered nonsense, or the run was interrupted.
    pub(crate) fn ask(&mut self, request: &Request, limit_s: f64) -> WorkerResult<Reply> {
        let doing = name(request);
        if self.is_interrupted() {
            return Err(WorkerError::Interrupted);
        }
        if self.say(request).is_err() {
            return Err(self.ended(doing));
        }
        let line = self.wait(doing, limit_s)?;
        match serde_json::from_slice(&line) {
            Ok(Reply::Refused(refusal)) => Err(WorkerError::Refused(refusal)),
            Ok(reply) => Ok(reply),
            Err(_) => Err(nonsense(doing, &String::from_utf8_lossy(&line))),
        }
    }

    fn say(&mut self, request: &Request) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        let broken = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        let pipe = self.requests.as_mut().ok_or_else(broken)?;
        pipe.write_all(&line)?;
        pipe.flush()
    }

    fn wait(&mut self, doing: &'static str, limit_s: f64) -> WorkerResult<Vec<u8>> {
        let start = Instant::now();
        loop {
            match self.replies.recv_timeout(LOOK) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended(doing)),
                Err(RecvTimeoutError::Timeout) if self.interrupted.load(Ordering::Relaxed) => {
                    return Err(WorkerError::Interrupted);
                }
                Err(RecvTimeoutError::Timeout) if start.elapsed().as_secs_f64() >= limit_s => {
                    return Err(WorkerError::Hung { doing, limit_s });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn ended(&mut self, doing: &'static str) -> WorkerError {
        self.requests = None;
        let status = self.status_within(GOODBYE);
        if status.is_some_and(is_asked_to_end) {
            // Such a signal is meant for the command too, whose own may still be on its way.
            std::thread::sleep(LOOK);
            self.interrupted.store(true, Ordering::Relaxed);
        }
        if self.is_interrupted() {
            WorkerError::Interrupted
        } else {
            WorkerError::Ended { doing, status }
        }
    }

    fn status_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < limit {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    /// Ends the worker, by force if it must, and returns the end of its stderr.
    pub fn end(mut self) -> String {
        self.requests = None;
        // A stopped process does not see that its input is closed.
        self.go_on();
        let patience = if self.is_interrupted() { Duration::ZERO } else { GOODBYE };
        if self.status_within(patience).is_none() {
            self.force();
        }
        self.text_of_stderr()
    }

    /// Ends a worker that did not answer by force, and returns the end of its stderr.
    pub fn kill(mut self) -> String {
        self.force();
        self.text_of_stderr()
    }

    /// Ends the process if it has not ended; one that the kernel cannot end is not waited for.
    fn force(&mut self) {
        // It fails only when the process has ended meanwhile.
        let _ = self.child.kill();
        self.status_within(GOODBYE);
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Waits for the readers only when the pipes are closed, which an orphan of the worker's could
    /// prevent.
    fn text_of_stderr(&mut self) -> String {
        let start = Instant::now();
        while start.elapsed() < GOODBYE && !self.readers.iter().all(JoinHandle::is_finished) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let tail = self.stderr.lock().map(|tail| tail.clone()).unwrap_or_default();
        String::from_utf8_lossy(&tail).trim().to_owned()
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.force();
        }
    }
}

/// Returns whether a process ended because it was asked to: by a terminal, a scheduler, a shutdown.
#[cfg(unix)]
fn is_asked_to_end(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const HANGUP: i32 = 1;
    const INTERRUPT: i32 = 2;
    const TERMINATE: i32 = 15;
    matches!(status.signal(), Some(HANGUP | INTERRUPT | TERMINATE))
}

#[cfg(not(unix))]
fn is_asked_to_end(_status: ExitStatus) -> bool {
    false
}

/// Starts the worker in a process group of its own, so that an interruption from the terminal
/// reaches the command alone, which then decides what the worker still finishes.
fn spawn_apart(mut command: Command, variables: &BTreeMap<String, String>) -> WorkerResult<Child> {
    clear_pinning(&mut command);
    command.envs(variables).env(NO_REPORTS.0, NO_REPORTS.1);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        WorkerError::NotStarted { reason: format!("`{program}`: {error}") }
    })
}

pub(crate) fn unexpected(request: &Request, reply: &Reply) -> WorkerError {
    nonsense(name(request), &format!("{reply:?}"))
}

fn nonsense(doing: &'static str, line: &str) -> WorkerError {
    WorkerError::Nonsense { doing, line: line.trim_end().chars().take(QUOTED_CHARACTERS).collect() }
}

fn name(request: &Request) -> &'static str {
    match request {
        Request::Describe => "describe",
        Request::Interface(_) => "interface",
        Request::Inspect(_) => "inspect",
        Request::Export(_) => "export",
        Request::Roofline(_) => "roofline",
        Request::Prepare(_) => "prepare",
        Request::WarmUp(_) => "warm_up",
        Request::Block(_) => "block",
        Request::Profile(_) => "profile",
    }
}
