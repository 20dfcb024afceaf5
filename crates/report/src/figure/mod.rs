//! Every figure that an experiment may ask for: one file each, one row here.

mod accuracy_by_latency;
mod accuracy_of_one_recipe;
mod efficiency_by_operator;
mod gain_by_step;
mod l3_efficacy_by_weights;
mod latency_by_depth;
mod latency_by_macs;
mod latency_by_width;
mod macs_l3_latency;
mod network_latency;
mod network_speedup;
mod prediction_error;
mod regret;
mod roofline;
mod saved_by_kind;
/// What CONTRIBUTING.md shows.
#[cfg(test)]
mod skeleton;
mod speedup_anatomy;
mod speedup_at_equal_macs;
mod speedup_by_attribute;
mod speedup_by_pattern;
mod speedup_by_threads;
mod speedup_heatmap;
mod speedup_ladder;

use std::collections::BTreeSet;

use formbench_analysis::{Row, View};

use crate::canvas::Canvas;
use crate::{FigureTable, ReportError};

/// A figure: what it asks, what it says, and how that is drawn.
pub struct FigureEntry {
    /// Name that an experiment's YAML uses, and of the files.
    pub name: &'static str,
    /// Figures with which it is drawn too.
    pub also: &'static [&'static str],
    /// What it asks.
    pub question: &'static str,
    /// Computes everything the figure says; draws nothing.
    pub(crate) table: fn(&View<'_>) -> FigureTable,
    /// Draws a table; computes nothing.
    pub(crate) draw: fn(&FigureTable) -> Result<Canvas, ReportError>,
}

impl FigureEntry {
    /// Returns whether it is drawn for experiments that ask for these figures.
    pub(crate) fn is_asked(&self, figures: &[String]) -> bool {
        let names = figures.iter().map(|name| present_name(name));
        names.into_iter().any(|name| name == self.name || self.also.contains(&name))
    }
}

/// Names that figures had before, and those that they have now.
pub const RENAMED: &[(&str, &str)] = &[
    ("l3-efficacy-by-depth", "l3-efficacy-by-weights"),
    ("l3-efficacy-by-width", "l3-efficacy-by-weights"),
];

/// Returns the name that a figure has now.
pub fn present_name(name: &str) -> &str {
    RENAMED.iter().find(|(former, _)| *former == name).map_or(name, |(_, now)| now)
}

/// Places along a course from which it shows one.
const LEAST_PLACES: usize = 3;

/// Returns that lines have too few places along x to show a course, if they have; `what` names the places.
fn too_few_places(rows: &[Row], what: &str) -> Option<String> {
    let places: BTreeSet<u64> =
        rows.iter().filter_map(|row| row.x).map(|x| x.value().to_bits()).collect();
    let is_few = (1..LEAST_PLACES).contains(&places.len());
    is_few
        .then(|| format!("{LEAST_PLACES} {what} at least show a course, here are {}", places.len()))
}

/// All figures, in the order of the page.
pub const FIGURES: &[FigureEntry] = &[
    speedup_heatmap::FIGURE,
    speedup_by_pattern::FIGURE,
    speedup_at_equal_macs::FIGURE,
    speedup_ladder::FIGURE,
    gain_by_step::FIGURE,
    latency_by_depth::FIGURE,
    latency_by_width::FIGURE,
    network_speedup::FIGURE,
    network_latency::FIGURE,
    accuracy_by_latency::FIGURE,
    accuracy_of_one_recipe::FIGURE,
    regret::FIGURE,
    speedup_by_threads::FIGURE,
    speedup_by_attribute::FIGURE,
    speedup_anatomy::FIGURE,
    saved_by_kind::FIGURE,
    efficiency_by_operator::FIGURE,
    prediction_error::FIGURE,
    latency_by_macs::FIGURE,
    roofline::FIGURE,
    l3_efficacy_by_weights::FIGURE,
    macs_l3_latency::FIGURE,
];

#[cfg(test)]
mod tests;
