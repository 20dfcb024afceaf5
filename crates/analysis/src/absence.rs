//! Cells that a figure does not show, and why.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use formbench_protocol::RefusalKind;
use formbench_store::CellRow;
use serde::{Serialize, Serializer};

use crate::hit_rate::{LastLevelCache, last_levels};
use crate::number::counted;
use crate::series::engine_label;
use crate::view::{Comparison, View, sides};

/// Cells of one engine that lack samples for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Absence {
    /// The engine, its options and, if it is a software adapter, that.
    pub engine: String,
    /// Kind of the refusal, or why it is not drawn.
    pub kind: AbsenceKind,
    /// What happened.
    pub reason: String,
    /// What brings the cells back, if anything is known to.
    pub remedy: Option<String>,
    /// Architectures of the cells, in order.
    pub architectures: Vec<String>,
    /// Number of cells.
    pub cells: usize,
    /// Those among them that have samples of other rounds and are drawn.
    pub drawn: usize,
}

/// Why a cell is not drawn, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceKind {
    /// It was refused.
    Refused(RefusalKind),
    /// The run has not come to it.
    NotMeasured,
    /// Every block of it was disturbed, or every turn with its baseline.
    Disturbed,
    /// Its baseline has no samples of the same round.
    NoBaseline,
    /// The run does not show what its architecture costs.
    NoAttributes,
    /// The run does not show what its inferences ask of some cache.
    NoCaches,
    /// The figure is about another device.
    OtherDevice,
    /// Too few architectures for a correlation.
    TooFew,
    /// An attribute that is the same everywhere correlates with nothing.
    NoSpread,
}

impl AbsenceKind {
    /// Returns the word that tables carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::Refused(kind) => kind.label(),
            Self::NotMeasured => "not-measured",
            Self::Disturbed => "disturbed",
            Self::NoBaseline => "no-baseline",
            Self::NoAttributes => "no-attributes",
            Self::NoCaches => "no-caches",
            Self::OtherDevice => "other-device",
            Self::TooFew => "too-few",
            Self::NoSpread => "no-spread",
        }
    }
}

impl fmt::Display for AbsenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// Sorts by the word.
impl Ord for AbsenceKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.label().cmp(other.label())
    }
}

impl PartialOrd for AbsenceKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for AbsenceKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

/// What brings back cells whose time was disturbed.
const QUIETER: &str =
    "`formbench doctor --noise` says what disturbs; then measure again with `--fresh`";

/// Engine, kind, reason, remedy.
type Cause = (String, AbsenceKind, String, Option<String>);

/// Returns why cells are absent from a figure of latencies, or drawn from fewer rounds.
pub fn absences(view: &View<'_>, cells: &[&CellRow]) -> Vec<Absence> {
    let mut causes = Causes::default();
    for cell in cells {
        let drawn = !view.rounds(cell).is_empty();
        for refusal in view.refusals(cell) {
            let remedy = refusal.remedy.clone();
            causes.add(
                cell,
                drawn,
                AbsenceKind::Refused(refusal.kind),
                refusal.reason.clone(),
                remedy,
            );
        }
        if !drawn && view.left_out(cell) > 0 {
            let reason = "every block of it is disturbed: its time was disturbed".to_string();
            causes.add(cell, false, AbsenceKind::Disturbed, reason, Some(QUIETER.to_string()));
        } else if !drawn && view.refusals(cell).is_empty() {
            let reason = "no samples and no refusal: the run has not come to it".to_string();
            let remedy = Some("run the same command again".to_string());
            causes.add(cell, false, AbsenceKind::NotMeasured, reason, remedy);
        }
    }
    causes.into_absences()
}

/// Returns why comparisons are absent from a figure of speed-ups: what is missing on either side,
/// and cells with samples of their own but none to compare them with.
pub fn absences_of_comparisons(view: &View<'_>, comparisons: &[Comparison<'_>]) -> Vec<Absence> {
    let mut causes = Causes::default();
    for comparison in comparisons {
        let cell = comparison.accelerated;
        if !view.rounds(cell).is_empty() && view.pairs(*comparison).is_empty() {
            let baseline = engine_label(comparison.baseline);
            if view.took_turns(*comparison) {
                let reason =
                    format!("of each turn with its baseline `{baseline}` a side is disturbed");
                causes.add(cell, false, AbsenceKind::Disturbed, reason, Some(QUIETER.to_string()));
            } else {
                let reason = format!("its baseline `{baseline}` has no samples of the same round");
                causes.add(cell, false, AbsenceKind::NoBaseline, reason, None);
            }
        }
    }
    let mut absences = absences(view, &sides(comparisons));
    absences.extend(causes.into_absences());
    absences
}

/// Returns why cells with samples are absent from a figure of what architectures cost.
pub fn absences_of_attributes(cells: &[&CellRow]) -> Vec<Absence> {
    let reason = "the run does not say what this architecture costs at this input";
    let remedy = "run the same command again";
    left_out(cells, AbsenceKind::NoAttributes, reason, Some(remedy))
}

/// Returns why cells are absent from a figure of caches, in whole or for some of its caches.
pub fn absences_of_caches(view: &View<'_>, cells: &[&CellRow]) -> Vec<Absence> {
    let all = last_levels(view, cells);
    let mut causes = Causes::default();
    for cell in cells {
        let known: BTreeSet<_> =
            view.run.caches_of(cell).into_iter().map(LastLevelCache::of).collect();
        let missing: Vec<String> = all.difference(&known).map(|cache| cache.label()).collect();
        if known.is_empty() || !missing.is_empty() {
            let reason = if known.is_empty() {
                "the run does not say what its inferences ask of the caches".to_string()
            } else {
                format!("not of every cache: {} is missing", missing.join(" and "))
            };
            let remedy = "run `formbench cache`, then the run's own command again".to_string();
            causes.add(cell, false, AbsenceKind::NoCaches, reason, Some(remedy));
        }
    }
    causes.into_absences()
}

/// Returns why cells with samples are absent from a figure of what the processor can do.
pub fn absences_of_devices(cells: &[&CellRow]) -> Vec<Absence> {
    left_out(cells, AbsenceKind::OtherDevice, "the roof is that of the processor", None)
}

/// Returns why cells are absent from a figure of correlations: there are too few of them, or an
/// attribute is the same in all.
pub fn absences_of_correlations(absent: &[(Vec<&CellRow>, Uncorrelated<'_>)]) -> Vec<Absence> {
    let mut causes = Causes::default();
    for (cells, why) in absent {
        let (kind, reason, remedy) = match why {
            Uncorrelated::TooFew { got, least, with } => {
                let got = counted(*got, "architecture");
                let reason = format!("{got} with {with}, expected at least {least}");
                (AbsenceKind::TooFew, reason, Some("ask for more architectures"))
            }
            Uncorrelated::NoSpread { what } => {
                let reason = format!("{what} is the same in all of them, which has no correlation");
                (AbsenceKind::NoSpread, reason, None)
            }
        };
        for cell in cells {
            causes.add(cell, false, kind, reason.clone(), remedy.map(str::to_string));
        }
    }
    causes.into_absences()
}

/// Why there is no correlation.
#[derive(Clone, Copy)]
pub enum Uncorrelated<'a> {
    /// There are too few architectures.
    TooFew {
        /// How many there are.
        got: usize,
        /// How many there must be.
        least: usize,
        /// What they have.
        with: &'a str,
    },
    /// A property is the same in all of them.
    NoSpread {
        /// The property.
        what: &'a str,
    },
}

fn left_out(
    cells: &[&CellRow],
    kind: AbsenceKind,
    reason: &str,
    remedy: Option<&str>,
) -> Vec<Absence> {
    let mut causes = Causes::default();
    for cell in cells {
        causes.add(cell, false, kind, reason.to_string(), remedy.map(str::to_string));
    }
    causes.into_absences()
}

/// Cells by cause: key and architecture, and whether it is drawn.
#[derive(Default)]
struct Causes(BTreeMap<Cause, BTreeMap<String, (String, bool)>>);

impl Causes {
    fn add(
        &mut self,
        cell: &CellRow,
        drawn: bool,
        kind: AbsenceKind,
        reason: String,
        remedy: Option<String>,
    ) {
        let cause = (engine_label(cell), kind, reason, remedy);
        let cells = self.0.entry(cause).or_default();
        cells.insert(cell.cell.clone(), (cell.architecture(), drawn));
    }

    fn into_absences(self) -> Vec<Absence> {
        let absence = |((engine, kind, reason, remedy), cells): (Cause, BTreeMap<_, _>)| {
            let architectures: BTreeSet<String> =
                cells.values().map(|(name, _): &(String, bool)| name.clone()).collect();
            let drawn = cells.values().filter(|(_, drawn)| *drawn).count();
            let architectures = architectures.into_iter().collect();
            Absence { engine, kind, reason, remedy, architectures, cells: cells.len(), drawn }
        };
        self.0.into_iter().map(absence).collect()
    }
}
