//! Every figure that an experiment may ask for: one file each, one row here.

mod l3_efficacy_by_depth;
mod l3_efficacy_by_width;
mod latency_by_depth;
mod latency_by_macs;
mod latency_by_width;
mod macs_l3_latency;
mod network_latency;
mod network_speedup;
mod roofline;
/// What CONTRIBUTING.md shows.
#[cfg(test)]
mod skeleton;
mod speedup_at_equal_macs;
mod speedup_by_attribute;
mod speedup_by_pattern;
mod speedup_ladder;

use formbench_analysis::View;

use crate::canvas::Canvas;
use crate::{FigureTable, ReportError};

/// A figure: what it asks, what it says, and how that is drawn.
pub struct FigureEntry {
    /// Name that an experiment's YAML uses, and of the files.
    pub name: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// Computes everything the figure says; draws nothing.
    pub(crate) table: fn(&View<'_>) -> FigureTable,
    /// Draws a table; computes nothing.
    pub(crate) draw: fn(&FigureTable) -> Result<Canvas, ReportError>,
}

/// All figures, in the order of the page.
pub const FIGURES: &[FigureEntry] = &[
    speedup_by_pattern::FIGURE,
    speedup_at_equal_macs::FIGURE,
    speedup_ladder::FIGURE,
    latency_by_depth::FIGURE,
    latency_by_width::FIGURE,
    network_speedup::FIGURE,
    network_latency::FIGURE,
    speedup_by_attribute::FIGURE,
    latency_by_macs::FIGURE,
    roofline::FIGURE,
    l3_efficacy_by_depth::FIGURE,
    l3_efficacy_by_width::FIGURE,
    macs_l3_latency::FIGURE,
];

#[cfg(test)]
mod tests;
