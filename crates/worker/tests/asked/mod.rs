//! A worker process, asked as the command asks it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use formbench_engines::{Engine, engines};
use formbench_protocol::{EngineKind, RefusalKind, Reply, Request};

/// A running worker.
pub struct Worker {
    /// Its process.
    pub child: Child,
    replies: BufReader<ChildStdout>,
}

impl Worker {
    /// Returns a fresh worker whose environment sets the engine's threads.
    pub fn start(engine: &dyn Engine, threads: u32) -> Self {
        let variables = engine.thread_variables().iter().map(|name| (name, threads.to_string()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_formbench-worker"))
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let replies = BufReader::new(child.stdout.take().unwrap());
        Self { child, replies }
    }

    /// Returns the answer to a request.
    pub fn ask(&mut self, request: &Request) -> Reply {
        self.ask_if_alive(request).unwrap()
    }

    /// Returns the answer to a request, or nothing if the worker ended.
    pub fn ask_if_alive(&mut self, request: &Request) -> Option<Reply> {
        let pipe = self.child.stdin.as_mut().unwrap();
        writeln!(pipe, "{}", serde_json::to_string(request).unwrap()).unwrap();
        let mut line = String::new();
        self.replies.read_line(&mut line).unwrap();
        if line.is_empty() {
            return None;
        }
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: `{line}`")))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.child.stdin = None;
        self.child.wait().unwrap();
    }
}

/// Returns the engines that are there; without a driver or a library there is nothing to test, and
/// a software adapter is good enough.
pub fn present_engines() -> Vec<Box<dyn Engine>> {
    let mut engines = engines();
    engines.retain(|engine| {
        engine.kind() == EngineKind::Engine
            && engine.check().err().is_none_or(|refusal| refusal.kind != RefusalKind::Unavailable)
    });
    engines
}
