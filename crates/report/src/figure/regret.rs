//! Does the best network depend on the engine? One row per engine that networks are chosen for, one column per engine that
//! they are run on: how many times as long inferences take as with the networks that are best there.
//! Reads: cell, latency_ns, published accuracies. Cells: ratio, shaded by its logarithm.

use formbench_analysis::{
    Unit, View,
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
    let found = accuracies(view, &cells, &images);
    let few = too_few(&found);
    let content = Content {
        statistic: format!(
            "{}Number: for each network that no other beats in accuracy and latency on the engine of the row, its latency \
             on the engine of the column over that of the fastest there that is as accurate; geometric mean over \
             these networks. Accuracies are published ones, of several training recipes",
            images.sentence()
        ),
        unit: Unit::Ratio,
        against: None,
        section: None,
        group: "chosen for",
        x: None,
        absences: absences(view, &cells),
        cells,
        rows: regrets(&found),
    };
    FigureTable::new(&FIGURE, view, content).omitted_if(few)
}

/// Draws the table as a heat map.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    heatmap(
        table,
        "Times as long as with the best networks of the engine that they run on; 1: the same networks are best",
    )
}
