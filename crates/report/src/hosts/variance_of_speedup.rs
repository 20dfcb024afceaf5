//! What makes speed-ups differ: the architecture, the engine, the host, or what they do together? One bar per part of the
//! variance of the logarithm of a speed-up.
//! Reads: speed-ups of several runs. Axis: share of the variance in percent.

use formbench_analysis::hosts::{HostFamily, HostPart, HostParts, SideBySide};
use formbench_analysis::number::{fixed, significant};

use super::{HostFigure, harnesses};
use crate::canvas::Canvas;
use crate::plot::{Bar, bars};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: HostFigure = HostFigure { table, draw };

/// Everything the figure says but its numbers, which the family has.
fn table(family: &HostFamily) -> FigureTable {
    let caption = family.parts.as_ref().map_or_else(String::new, caption);
    let table = super::table(
        "variance-of-speedup",
        "What makes speed-ups differ: the architecture, the engine, the host, or what they do together?",
        &format!("{caption}{}", harnesses(family)),
        "Parts of the variance of the logarithm of a speed-up, by the method of moments; beside them, by what factor \
         speed-ups typically differ by that part alone.",
    );
    let none = "hosts have no architecture in common on an engine".to_string();
    table.omitted_if(family.parts.is_none().then_some(none))
}

fn caption(parts: &HostParts) -> String {
    let intervals = if parts.has_intervals {
        "whisker: 95 % interval"
    } else {
        "a description of these hosts: intervals need five"
    };
    format!("{} \u{b7} {intervals}", parts.extent())
}

/// Draws the family; computes nothing.
fn draw(_: &SideBySide, family: &HostFamily, table: &FigureTable) -> Result<Canvas, ReportError> {
    let parts = family.parts.as_ref().map_or(&[][..], |parts| &parts.parts);
    let shown: Vec<Bar> = parts.iter().map(bar).collect();
    let subtitle = format!(
        "Share of the variance of the logarithm of the speed-up {}, in percent; \u{d7}: one standard deviation as a factor",
        family.title()
    );
    bars(table, &subtitle, &shown)
}

fn bar(part: &HostPart) -> Bar {
    let percent = part.share.map(|share| 100.0 * share);
    let [value, low, high] = percent.map(|share| fixed(share, 1));
    let factor = format!("\u{d7} {}", significant(part.factor, 3));
    let text = if percent[1] < percent[2] {
        format!("{value} % [{low}, {high}]   {factor}")
    } else {
        format!("{value} %   {factor}")
    };
    Bar { name: part.part.clone(), estimate: percent, text }
}
