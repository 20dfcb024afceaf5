use formbench_experiment::{ClaimCheck, Relation};
use formbench_statistics::Estimate;
use serde::Serialize;

use super::{Count, Outcome};
use crate::Unit;
use crate::number::{alike, counted, fixed};

/// What a run answers to one check of a claim.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What must be so.
    pub check: String,
    /// How it comes out.
    pub outcome: Outcome,
    /// The number that it is judged by, if there is one.
    pub measure: Option<Measure>,
    /// The number that the measure is compared with: what the abstract claims, or the least that formbench takes it to
    /// mean; 1 of a first place.
    #[serde(skip)]
    pub bound: Option<f64>,
    /// Probability that one of those who must be first really is, if that is the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_probability: Option<f64>,
    /// What the number rests on.
    pub count: Count,
    /// Who is first, how far a number is from the claimed one, what would decide, or why there is no
    /// answer.
    pub says: String,
    /// What would refute it.
    pub refuted_by: String,
    /// The figure that shows it.
    pub figure: String,
}

/// A number with its 95 % interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// What it is.
    pub what: String,
    /// Its unit.
    pub unit: Unit,
    /// The estimate.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

/// What a judge finds for a check.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) measure: Option<Measure>,
    pub(super) first_probability: Option<f64>,
    pub(super) count: Count,
    pub(super) says: String,
}

impl Answer {
    /// Returns that there is nothing to judge by, and why.
    pub(super) fn not_testable(why: impl Into<String>) -> Self {
        let (outcome, says) = (Outcome::NotTestable, why.into());
        let (measure, first_probability, count) = (None, None, Count::default());
        Self { outcome, measure, first_probability, count, says }
    }

    pub(super) fn of(self, check: &ClaimCheck) -> Finding {
        let Self { outcome, measure, first_probability, count, says } = self;
        let bound = match &check.relation {
            Relation::MeanAbove { ratio } | Relation::MeanNear { ratio, .. } => Some(*ratio),
            Relation::Spread { at_least } => Some(*at_least),
            Relation::GainsMost { .. } | Relation::Fastest { .. } => Some(1.0),
            Relation::Related { .. } | Relation::GainRelated { .. } | Relation::Saved { .. } => {
                None
            }
        };
        let ClaimCheck { check, refuted_by, figure, .. } = check.clone();
        Finding {
            bound,
            check,
            outcome,
            measure,
            first_probability,
            count,
            says,
            refuted_by,
            figure,
        }
    }
}

impl Measure {
    pub(super) fn new(what: impl Into<String>, unit: Unit, estimate: Estimate) -> Self {
        let Estimate { value, low, high } = estimate;
        Self { what: what.into(), unit, value, low, high }
    }

    /// Returns the estimate with its interval, such as `2.10 × [1.95, 2.25]`.
    pub fn text(&self) -> String {
        let values = [self.value, self.low, self.high];
        let [value, low, high] = match self.unit {
            Unit::RankCorrelation => values.map(|value| fixed(value, 2)),
            _ => alike(values, 3),
        };
        let sign = self.unit.sign();
        let blank = if sign.starts_with(char::is_whitespace) { "" } else { "\u{a0}" };
        format!("{value}{blank}{sign} [{low}, {high}]")
    }
}

impl Finding {
    /// Returns what the number rests on, such as `4 of 5 cells, at least 6 rounds`.
    pub fn count_text(&self) -> String {
        let Count { cells, cells_asked, rounds, as_found, .. } = self.count;
        if cells == 0 {
            return String::new();
        }
        let of_all = if cells == cells_asked {
            counted(cells, "cell")
        } else {
            format!("{cells} of {}", counted(cells_asked, "cell"))
        };
        let least = if cells > 1 { "at least " } else { "" };
        let as_found = match as_found {
            0 => String::new(),
            all if all == cells => ", as found on a busy host".to_string(),
            some => format!(", {some} of them as found on a busy host"),
        };
        // A profile is no round.
        let rounds = (rounds > 0).then(|| format!(", {least}{}", counted(rounds, "round")));
        format!("{of_all}{}{as_found}", rounds.unwrap_or_default())
    }
}

/// Returns about how many more rounds decide, given how many times as many there must be.
pub(super) fn more_rounds(rounds: usize, growth: Option<f64>) -> String {
    match growth {
        None => "too near for any number of rounds to decide soon".to_string(),
        Some(growth) => {
            let more = (rounds as f64 * (growth - 1.0)).ceil().max(1.0) as usize;
            format!("about {} would decide", counted(more, "more round"))
        }
    }
}
