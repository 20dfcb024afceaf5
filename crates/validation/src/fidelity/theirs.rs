//! An engine's own tool in a process of its own, which waits between its turns.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use formbench_measure::host::clear_pinning;
use formbench_measure::suspension;
use serde::Deserialize;

use super::side::Side;
use super::tool::Tool;

/// What the script prints, one line each.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    /// The model is loaded and warm.
    Ready,
    /// The median of a turn.
    LatencyNs(f64),
    /// Why the tool cannot be used.
    Absent(String),
}

/// The interpreter and the script that serve every tool.
pub struct Script<'a> {
    /// The interpreter.
    pub python: &'a Path,
    /// The script.
    pub path: &'a Path,
}

/// A tool with a model that it has loaded.
pub struct Theirs {
    tool: Tool,
    child: Child,
    turns: ChildStdin,
    replies: BufReader<ChildStdout>,
    stderr: File,
}

impl Theirs {
    /// Returns a fresh process in which the tool has loaded and warmed up a model.
    ///
    /// # Errors
    /// It does not start, or the tool is not here.
    pub fn start(script: &Script<'_>, tool: Tool, model: &Path, threads: u32) -> Result<Self> {
        let stderr = tempfile::tempfile().context("cannot make a temporary file")?;
        let said = stderr.try_clone().context("cannot share a temporary file")?;
        let mut command = Command::new(script.python);
        clear_pinning(&mut command);
        let mut child = command
            .args(["-B".as_ref(), script.path, tool.name.as_ref(), model])
            .args(["--threads", &threads.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .with_context(|| format!("cannot start `{}`", script.python.display()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (turns, replies) = pipes.ok_or_else(|| anyhow!("{} has no pipes", tool.name))?;
        let mut theirs = Self { tool, child, turns, replies: BufReader::new(replies), stderr };
        match theirs.reply()? {
            Said::Ready => {
                suspension::stop(theirs.child.id());
                Ok(theirs)
            }
            Said::LatencyNs(_) => bail!("{} answers before it is asked", tool.name),
            Said::Absent(reason) => bail!("{reason}"),
        }
    }

    fn reply(&mut self) -> Result<Said> {
        let mut line = String::new();
        let read = self.replies.read_line(&mut line);
        match read.is_ok().then(|| serde_json::from_str(&line)) {
            Some(Ok(said)) => Ok(said),
            _ => {
                let last_words = self.last_words();
                bail!("{} said nothing: {last_words}", self.tool.name)
            }
        }
    }

    /// Returns the last line of its stderr.
    fn last_words(&mut self) -> String {
        let mut said = Vec::new();
        let read = self.stderr.rewind().and_then(|()| self.stderr.read_to_end(&mut said));
        let text = read.map(|_| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
        text.trim().lines().last().unwrap_or("no reason").to_owned()
    }
}

impl Side for Theirs {
    fn turn_ns(&mut self) -> Result<f64> {
        suspension::go_on(self.child.id());
        // A pipe that nobody reads any more shows in the reply.
        let _ = writeln!(self.turns, "{}", self.tool.turn_s);
        let reply = self.reply();
        suspension::stop(self.child.id());
        match reply? {
            Said::LatencyNs(latency_ns) => Ok(latency_ns),
            Said::Ready => bail!("{} is ready twice", self.tool.name),
            Said::Absent(reason) => bail!("{reason}"),
        }
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        // Both fail only when the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
