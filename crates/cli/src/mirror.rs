//! A copy of the run's folder, renewed between rounds, when nothing is timed.

use std::time::{Duration, Instant};

use formbench_measure::agreement::Camps;
use formbench_measure::{Observer, RoundProgress, RunCell};
use formbench_protocol::Refusal;
use formbench_store::RunCopy;

use crate::observer::ProgressDisplay;
use crate::output;

/// Between two times that a copy is renewed: what a machine that dies can lose.
const EVERY: Duration = Duration::from_secs(60);

/// Shows a run's rounds, and keeps a copy of its folder.
pub struct Mirrored<'a> {
    display: &'a mut ProgressDisplay,
    copy: Option<RunCopy>,
    renewed: Instant,
}

impl<'a> Mirrored<'a> {
    /// Returns what shows rounds on this display, and keeps a copy if there is to be one.
    pub fn new(display: &'a mut ProgressDisplay, copy: Option<RunCopy>) -> Self {
        Self { display, copy, renewed: Instant::now() }
    }
}

impl Observer for Mirrored<'_> {
    fn round(&mut self, round: RoundProgress<'_>) {
        self.display.round(round);
        if let Some(copy) = self.copy.as_ref().filter(|_| self.renewed.elapsed() >= EVERY) {
            // Measuring does not end for it: the place may come back.
            if let Err(error) = copy.renew() {
                output::say(&format!("the copy of the run is not renewed: {error}"));
            }
            self.renewed = Instant::now();
        }
    }

    fn refused(&mut self, cell: &RunCell, refusal: &Refusal) {
        self.display.refused(cell, refusal);
    }

    fn judged(&mut self, cell: &RunCell, camps: &Camps) {
        self.display.judged(cell, camps);
    }
}
