//! What a plan is predicted to cost, and how far off that was.

use std::collections::BTreeMap;
use std::time::Duration;

use formbench_measure::{CostRequest, PredictedCost, RunCell, estimate, measured_within};
use formbench_protocol::Architecture;
use serde_json::{Value, json};

use crate::{EarlierRuns, Planned};

/// What a plan is predicted to cost.
pub struct Prediction {
    /// Time and space.
    pub estimate: PredictedCost,
    /// Earlier runs that it is made from.
    pub runs: usize,
    /// How many cells have a round at all within the budget, if there is one.
    pub measured: Option<usize>,
}

/// What is there of a cell already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Whether it was refused.
    pub is_refused: bool,
    /// Whole rounds.
    pub rounds: u32,
}

impl Prediction {
    /// Returns what is predicted of a plan of which so much is done.
    pub fn new(
        planned: &Planned,
        past: &EarlierRuns,
        software_gpu: bool,
        budget: Option<Duration>,
        done: impl Fn(&RunCell) -> Done,
    ) -> Self {
        let mut macs = Macs::default();
        let asked = |cell| ask(cell, past, &mut macs, software_gpu, done(cell));
        let asked: Vec<_> = planned.cells.iter().map(asked).collect();
        let within = |limit| measured_within(limit, &asked, &planned.groups(), &past.history);
        Self {
            estimate: estimate(&asked, &past.history),
            runs: past.runs,
            measured: budget.map(within),
        }
    }
}

fn ask<'a>(
    cell: &'a RunCell,
    past: &EarlierRuns,
    macs: &mut Macs<'a>,
    software_gpu: bool,
    done: Done,
) -> CostRequest<'a> {
    CostRequest {
        cell,
        is_refused: done.is_refused || cell.known_refusal(software_gpu).is_some(),
        rounds_done: done.rounds,
        macs: past.macs(cell).or_else(|| macs.of(cell)),
    }
}

/// Multiply-accumulates of one image by architecture and resolution, counted once each.
#[derive(Default)]
struct Macs<'a> {
    counted: BTreeMap<(&'a Architecture, u32), Option<u64>>,
}

impl<'a> Macs<'a> {
    /// Returns the multiply-accumulates of a cell's inference; nothing of a file, which only a worker
    /// can read.
    fn of(&mut self, cell: &'a RunCell) -> Option<u64> {
        let (architecture, images) = (&cell.cell.architecture, cell.cell.input.images()?);
        let count = || {
            let blueprint = formbench_architectures::blueprint(architecture).ok()?;
            Some(blueprint.cost(images.resolution as usize).ok()?.macs)
        };
        let key = (architecture, images.resolution);
        let per_image = *self.counted.entry(key).or_insert_with(count);
        Some(per_image? * u64::from(images.batch))
    }
}

/// How long measuring was to take and how long it took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeSpent {
    /// The budget, or else what the least rounds were predicted to take.
    pub predicted: Duration,
    /// Whether that is the budget.
    pub is_budget: bool,
    /// How long the same rounds took.
    pub took: Duration,
    /// How long all rounds took, those that narrow intervals included.
    pub all: Duration,
}

impl TimeSpent {
    /// Returns what a run that ended took; of one without a budget, the least rounds are compared.
    pub fn new(
        prediction: &Prediction,
        budget: Option<Duration>,
        least_rounds: Option<Duration>,
        all: Duration,
    ) -> Self {
        match budget {
            Some(predicted) => Self { predicted, is_budget: true, took: all, all },
            None => {
                let (predicted, took) = (prediction.estimate.least, least_rounds.unwrap_or(all));
                Self { predicted, is_budget: false, took, all }
            }
        }
    }

    /// Returns by how much it took longer than predicted, as a share of that; nothing where no time
    /// was predicted.
    fn off(&self) -> Option<f64> {
        let off = self.took.as_secs_f64() / self.predicted.as_secs_f64() - 1.0;
        off.is_finite().then_some(off)
    }

    /// Returns a line that states how far off the prediction was.
    pub fn line(&self) -> String {
        let Self { predicted, took, all, .. } = *self;
        let off = self.off().map_or_else(String::new, |off| format!(", {:+.0} %", 100.0 * off));
        if self.is_budget {
            format!("took {} of a budget of {}{off}", time(took), time(predicted))
        } else {
            format!(
                "the least rounds took {}, predicted {}{off}; all rounds {}",
                time(took),
                time(predicted),
                time(all),
            )
        }
    }

    /// Returns the same as JSON.
    pub fn as_json(&self) -> Value {
        json!({
            "basis": if self.is_budget { "budget" } else { "least-rounds" },
            "predicted_s": self.predicted.as_secs_f64(),
            "took_s": self.took.as_secs_f64(),
            "off": self.off(),
            "all_s": self.all.as_secs_f64(),
        })
    }
}

/// Returns a duration in words, to the second; a short one to the tenth of one.
pub fn time(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{:.1}s", duration.as_secs_f64()),
        _ => {
            let whole = Duration::from_secs(duration.as_secs_f64().round() as u64);
            humantime::format_duration(whole).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use formbench_measure::Sources;

    use super::*;

    fn prediction(least_s: u64) -> Prediction {
        let least = Duration::from_secs(least_s);
        let estimate = PredictedCost {
            least,
            most: least,
            disk_bytes: 0,
            kept_bytes: None,
            sources: Sources::default(),
        };
        Prediction { estimate, runs: 0, measured: None }
    }

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn least_rounds_are_held_against_what_was_predicted_of_them() {
        // 90 s instead of 120 are a quarter less; narrowing intervals took the rest.
        let outcome = TimeSpent::new(&prediction(120), None, Some(90 * S), 300 * S);
        let expected = "the least rounds took 1m 30s, predicted 2m, -25 %; all rounds 5m";
        assert_eq!(outcome.line(), expected);
        assert_eq!(outcome.as_json()["off"], -0.25);
    }

    #[test]
    fn a_budget_is_held_against_everything() {
        let outcome = TimeSpent::new(&prediction(120), Some(200 * S), Some(90 * S), 210 * S);
        assert_eq!(outcome.line(), "took 3m 30s of a budget of 3m 20s, +5 %");
    }

    #[test]
    fn nothing_predicted_is_not_off() {
        let outcome = TimeSpent::new(&prediction(0), None, None, 2 * S);
        assert_eq!(outcome.line(), "the least rounds took 2.0s, predicted 0.0s; all rounds 2.0s");
        assert!(outcome.as_json()["off"].is_null());
    }
}
