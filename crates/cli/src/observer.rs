//! Progress on stderr: a bar with the time left on a terminal, a line a minute elsewhere.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use formbench_measure::{Observer, RunCell, Turn};
use formbench_protocol::Refusal;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

const STYLE: &str = "{bar:24} {pos}/{len} turns, {eta} left  {msg}";
/// Between two lines where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Shows a run's turns.
pub struct Progress {
    bar: Option<ProgressBar>,
    last_line: Option<Instant>,
    start: Instant,
    /// Reasons that were said; an engine gives the same one for all its cells.
    reasons: BTreeSet<String>,
}

impl Progress {
    /// Returns a bar if stderr is a terminal, lines otherwise.
    pub fn new() -> Self {
        let style =
            ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = stderr().is_terminal().then(|| ProgressBar::new(0).with_style(style));
        Self { bar, last_line: None, start: Instant::now(), reasons: BTreeSet::new() }
    }

    /// Ends the bar.
    pub fn finish(&self) {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| output::say(line)),
            None => output::say(line),
        }
    }
}

impl Observer for Progress {
    fn turn(&mut self, turn: Turn<'_>) {
        let cell = &turn.cell.cell;
        let what = format!("{} on {}, round {}", cell.architecture, cell.engine, turn.round + 1);
        if let Some(bar) = &self.bar {
            bar.set_length(turn.turns as u64);
            bar.set_position(turn.done as u64);
            bar.set_message(what);
        } else if self.last_line.is_none_or(|last| last.elapsed() >= LINE_EVERY) {
            self.last_line = Some(Instant::now());
            let left = left(self.start.elapsed(), turn.done, turn.turns);
            self.say(&format!("{}/{} turns{left}  {what}", turn.done, turn.turns));
        }
    }

    fn refused(&mut self, cell: &RunCell, refusal: &Refusal) {
        if self.reasons.insert(refusal.reason.clone()) {
            let (architecture, engine) = (&cell.cell.architecture, &cell.cell.engine);
            self.say(&format!("refused: {architecture} on {engine}: {refusal}"));
        }
    }
}

/// Returns the time left if turns go on as they went, in words.
fn left(elapsed: Duration, done: usize, turns: usize) -> String {
    if done == 0 {
        return String::new();
    }
    let left = elapsed.as_secs_f64() / done as f64 * (turns - done) as f64;
    format!(", {} left", indicatif::HumanDuration(Duration::from_secs_f64(left)))
}
