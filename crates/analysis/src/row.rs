//! One estimate of a figure.

use formbench_protocol::Width;
use formbench_statistics::Estimate;
use formbench_store::CellKind;
use serde::Serialize;

use crate::{AxisValue, NetworkOrigin, Series};

/// Fewest rounds that a number rests on without doubt.
pub const LEAST_ROUNDS: usize = 3;

/// One estimate of a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The part of the figure that it is in, if `FigureTable::section` names parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Registry name of the pattern or network, or what `FigureTable::group` names.
    pub group: String,
    /// Whether it sums up the other rows of its section.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub summary: bool,
    /// The width that was found for its pattern, in a figure of patterns of equal cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<FoundWidth>,
    /// The one architecture that the row stands for, in a figure that shows each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<ArchitectureLabel>,
    /// Engine and settings.
    pub series: Series,
    /// What `FigureTable::x` names.
    pub x: Option<AxisValue>,
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Cells that it stands for.
    pub cells: usize,
    /// Cells that it was meant to stand for.
    pub cells_asked: usize,
    /// Of these, pairs of cells whose interval is wider than their experiment asks for.
    #[serde(skip_serializing_if = "is_none")]
    pub wide: usize,
    /// Of these, those whose numbers are as found, on a host that was not quiet.
    #[serde(skip_serializing_if = "is_none")]
    pub as_found: usize,
    /// What the value would be without contention, and both ends of its interval; of a ratio that is as found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_contention: Option<[f64; 3]>,
    /// Rounds of the cell that has fewest.
    pub rounds: usize,
    /// Samples on both sides.
    pub samples: usize,
}

/// Returns whether a count is left out of JSON.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
pub(crate) fn is_none(count: &usize) -> bool {
    *count == 0
}

/// A width that was chosen for a cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FoundWidth {
    /// Channels out of the first stage.
    pub channels: Width,
    /// By how much the cost is above what it was to be, as a share of that; below 0 if it is below.
    pub difference: f64,
}

/// One architecture, as a figure names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ArchitectureLabel {
    /// Its kind.
    pub kind: CellKind,
    /// Where a network comes from; nothing of a pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<NetworkOrigin>,
    /// Its label, such as `plain-d14-w32`, and its input where that varies within the figure.
    pub label: String,
}

impl Row {
    /// Returns the row of one cell.
    pub fn new(group: &str, series: Series, estimate: Estimate) -> Self {
        let Estimate { value, low, high } = estimate;
        let group = group.to_string();
        Self {
            section: None,
            group,
            summary: false,
            matched: None,
            architecture: None,
            series,
            x: None,
            value,
            low,
            high,
            cells: 1,
            cells_asked: 1,
            wide: 0,
            as_found: 0,
            without_contention: None,
            rounds: 0,
            samples: 0,
        }
    }

    /// Returns whether it has an interval: a simulation has none, nor has a single block.
    pub fn has_interval(&self) -> bool {
        Estimate { value: self.value, low: self.low, high: self.high }.has_interval()
    }

    /// Returns whether its number deserves doubt: measured on a busy host, or in too few rounds.
    pub fn is_doubtful(&self) -> bool {
        self.as_found > 0 || (1..LEAST_ROUNDS).contains(&self.rounds)
    }

    /// Returns where the one network comes from that the row stands for.
    pub fn origin(&self) -> Option<NetworkOrigin> {
        self.architecture.as_ref()?.origin
    }

    /// Returns what the row is called: its architecture, if it stands for one, or its group.
    pub fn name(&self) -> &str {
        self.architecture.as_ref().map_or(&self.group, |one| &one.label)
    }
}
