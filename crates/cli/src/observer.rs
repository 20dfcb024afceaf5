//! Progress on stderr: a bar with the time left on a terminal, a line a minute elsewhere.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use formbench_measure::agreement::Camps;
use formbench_measure::{Observer, RoundProgress, RunCell};
use formbench_protocol::Refusal;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

const STYLE: &str = "{bar:24} {prefix}  {msg}";
/// Between two lines where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Shows a run's rounds.
pub struct ProgressDisplay {
    bar: Option<ProgressBar>,
    last_line: Option<Instant>,
    /// Lines that were printed already; an engine gives the same reason for all its cells.
    reasons: BTreeSet<String>,
    /// When every cell had its least rounds, since the run began.
    least_rounds_took: Option<Duration>,
}

impl ProgressDisplay {
    /// Returns a bar if stderr is a terminal, lines otherwise.
    pub fn new() -> Self {
        let style =
            ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = stderr().is_terminal().then(|| ProgressBar::new(0).with_style(style));
        Self { bar, last_line: None, reasons: BTreeSet::new(), least_rounds_took: None }
    }

    /// Returns how long the least rounds of all cells took, if further ones followed.
    pub fn least_rounds_took(&self) -> Option<Duration> {
        self.least_rounds_took
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

impl Observer for ProgressDisplay {
    fn round(&mut self, round: RoundProgress<'_>) {
        if round.next.is_extra {
            self.least_rounds_took.get_or_insert(round.elapsed);
        }
        let (how_far, what) = (how_far(&round), what(&round));
        if let Some(bar) = &self.bar {
            let [done, of] = share(&round);
            bar.set_length(of);
            bar.set_position(done);
            bar.set_prefix(how_far);
            bar.set_message(what);
        } else if self.last_line.is_none_or(|last| last.elapsed() >= LINE_EVERY) {
            self.last_line = Some(Instant::now());
            self.say(&format!("{how_far}  {what}"));
        }
    }

    fn refused(&mut self, cell: &RunCell, refusal: &Refusal) {
        if self.reasons.insert(refusal.reason.clone()) {
            let (architecture, engine) = (&cell.cell.architecture, &cell.cell.engine);
            self.say(&format!("refused: {architecture} on {engine}: {refusal}"));
        }
    }

    fn judged(&mut self, cell: &RunCell, camps: &Camps) {
        let line = format!("{}: {}", cell.cell.architecture, camps.sentence());
        if self.reasons.insert(line.clone()) {
            self.say(&line);
        }
    }
}

/// Returns the architecture, the number of its engines, and the round.
fn what(round: &RoundProgress<'_>) -> String {
    let Some(&first) = round.next.cells.first() else { return String::new() };
    let (architecture, engines) = (&round.cells[first].cell.architecture, round.next.cells.len());
    format!("{architecture} on {engines} engines, round {}", round.next.round + 1)
}

/// Returns how far the bar is, of how much: time where it is limited, else rounds.
fn share(round: &RoundProgress<'_>) -> [u64; 2] {
    match round.limit {
        Some(limit) => [round.elapsed.as_secs(), limit.as_secs()],
        None => [round.done as u64, round.missing.max(round.done) as u64],
    }
}

/// Returns the rounds that are done and the time left if they go on as they went, in words.
fn how_far(round: &RoundProgress<'_>) -> String {
    let RoundProgress { done, missing, elapsed, limit, .. } = *round;
    let rounds = if round.next.is_extra {
        format!("{done} rounds, narrowing intervals now")
    } else {
        format!("{done}/{missing} rounds")
    };
    let per_round = elapsed.as_secs_f64() / done.max(1) as f64;
    let at_least = per_round * missing.saturating_sub(done) as f64;
    let left = match limit {
        Some(limit) => limit.saturating_sub(elapsed).as_secs_f64(),
        None => at_least,
    };
    if done == 0 && limit.is_none() || round.next.is_extra && limit.is_none() {
        return rounds;
    }
    format!("{rounds}, {} left", indicatif::HumanDuration(Duration::from_secs_f64(left)))
}
