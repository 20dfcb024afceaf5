//! Does the best network depend on the engine? One row per engine that networks are chosen for, one column per engine that
//! they are run on: how much longer inferences take than with the networks that are best there.
//! Reads: cell, latency_ns, published accuracies. Cells: percent, shaded.

use std::collections::BTreeSet;

use formbench_analysis::{
    Series, Unit, View,
    absence::absences,
    rows::{accuracies, regrets},
    usual_inputs::UsualInputs,
    view::Kinds,
};

use super::{FigureEntry, accuracy_by_latency::too_few};
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::heatmap;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "regret",
    also: &["network-latency"],
    question: "Does the best network depend on the engine?",
    table,
    draw,
};

/// Everything the figure says, by the engine that networks are chosen for.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::Networks);
    let images = UsualInputs::of(cells.iter().copied());
    let found = accuracies(view, &cells, &images, |_| true);
    let engines: BTreeSet<&Series> = found.iter().map(|row| &row.series).collect();
    let single = (engines.len() < 2).then(|| "two engines at least can be compared".to_owned());
    let few = too_few(&found).or(single);
    let content = Content {
        statistic: format!(
            "{}Number: for each network that no other beats in accuracy and latency on the engine of the row, by how much \
             longer it takes on the engine of the column than the fastest there that is as accurate; geometric mean \
             over these networks, of those that both engines ran. Accuracies are published ones, of several training recipes.",
            images.sentence()
        ),
        unit: Unit::Percent,
        against: None,
        section: None,
        group: "chosen for",
        x: None,
        absences: absences(view, &cells),
        cells,
        rows: if few.is_some() { Vec::new() } else { regrets(&found) },
    };
    FigureTable::new(&FIGURE, view, content).omitted_for(few)
}

/// Draws the table as a heat map.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    heatmap(
        table,
        "Row: the engine that networks are chosen for; column: the one that they run on; % longer than with the best there",
        |row| 1.0 / (1.0 + row.value / 100.0),
    )
}
