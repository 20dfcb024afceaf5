//! How near does each kind of work come to what this machine can do? One row per kind, one column per engine: the least time
//! that the roof allows over the time taken.
//! Reads: cell, operators, rooflines. Cells: percent, shaded.

use formbench_analysis::{Unit, View, anatomy::efficiencies, view::Kinds};

use super::{FigureEntry, speedup_anatomy::untimed};
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::heatmap;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "efficiency-by-operator",
    also: &[
        "speedup-anatomy",
        "network-speedup",
        "speedup-by-pattern",
        "speedup-heatmap",
        "speedup-at-equal-macs",
    ],
    question: "How near does each kind of work come to what this machine can do?",
    table,
    draw,
};

/// Everything the figure says, kinds in the order of tables.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let content = Content {
        statistic: "Number: the least time that the roof of this machine allows the operators of a kind, by their operations \
                    and the data that they move, over the time that they take, in percent; over all architectures with a \
                    profile. Data that a cache still holds are faster than the roof\u{2019}s: more than 100 is possible"
            .to_string(),
        unit: Unit::Percent,
        against: None,
        section: None,
        group: "work",
        x: None,
        rows: efficiencies(view, &cells),
        cells,
        absences: Vec::new(),
    };
    FigureTable::new(&FIGURE, view, content).omitted_for(untimed(view))
}

/// Draws the table as a heat map.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    heatmap(
        table,
        "Share of the roof that operators of a kind reach on each engine, in percent; darker: nearer",
        // As dark as can be from 100 % on.
        |row| 1.0 + (row.value / 20.0).min(5.0),
    )
}
