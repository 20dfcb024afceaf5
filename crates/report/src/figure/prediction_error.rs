//! How wrong is the latency that is predicted of an architecture from a family that was never timed? One mark per network and
//! engine: predicted over measured latency, 90 % interval.
//! Reads: cell, latency_ns, operators, rooflines. Axis: ratio, logarithmic.

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
            "Mark: predicted over measured latency, the network\u{2019}s whole family left out of what is learned; whisker: \
             the interval that is to hold 90 %. {}",
            said.join(". ")
        ),
        unit: Unit::Ratio,
        against: Some("the measured latency".to_owned()),
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
    forest(
        table,
        &ForestStyle {
            subtitle: "Predicted over measured latency, logarithmic axis; 1: as measured"
                .to_owned(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: |_| None,
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
