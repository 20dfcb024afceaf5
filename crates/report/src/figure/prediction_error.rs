//! How wrong is the latency that is predicted of a network of a family that was never timed? One mark per network and engine: by
//! how much the predicted latency is longer than the measured one, 90 % interval.
//! Reads: cell, latency_ns, operators, rooflines. Axis: percent.

use formbench_analysis::{
    Unit, View,
    prediction::{TestedPredictions, tested},
    view::Kinds,
};

use super::{FigureEntry, speedup_anatomy::untimed};
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "prediction-error",
    also: &["network-speedup"],
    question: "How wrong is a latency that is predicted from operators of other networks?",
    table,
    draw,
};

/// Everything the figure says: the most overestimated network first.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::Networks);
    let TestedPredictions { rows, said } = tested(view, &cells);
    let content = Content {
        statistic: format!(
            "Mark: by how much the predicted latency is longer than the measured one, the network\u{2019}s whole family left out of \
             what is learned; whisker: the interval that is to hold 90 %. {}.",
            said.join(". ")
        ),
        unit: Unit::Percent,
        against: None,
        section: None,
        group: "network",
        x: None,
        cells,
        rows,
        absences: Vec::new(),
    };
    let few = content.rows.is_empty().then(|| "too few families were timed".to_owned());
    FigureTable::new(&FIGURE, view, content).omitted_for(untimed(view).or(few))
}

/// Draws the table as a forest plot around where prediction and measurement are equal.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let low = table.rows.iter().map(|row| row.low).fold(0.0, f64::min);
    let high = table.rows.iter().map(|row| row.high).fold(1.0, f64::max);
    // Round numbers at four equal steps, 0 among them.
    let step = 10.0 * (f64::max(-low, high / 3.0) / 10.0).ceil();
    forest(
        table,
        &ForestStyle {
            subtitle: "Predicted latency less the measured one, in percent of that; 0: as measured"
                .to_owned(),
            scale: Scale::Linear { range: (-step, 3.0 * step), reference: 0.0 },
            group_colour: |_| None,
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
