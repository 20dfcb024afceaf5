//! Which network is the most accurate in a given time? One panel per engine, one mark per network: published accuracy over
//! measured latency; those that no other beats in both are coloured and named.
//! Reads: cell, latency_ns, published accuracies. Axes: milliseconds, logarithmic; percent.

use std::collections::BTreeSet;

use formbench_analysis::{
    Row, Unit, View,
    absence::absences,
    choice::Published,
    rows::{ON_THE_FRONT, accuracies},
    usual_inputs::UsualInputs,
    view::Kinds,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{ScatterStyle, YScale, scatter};
use crate::theme::{AXIS, MarkerStyle, Outline, engine_marker};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "accuracy-by-latency",
    also: &["network-latency"],
    question: "Which network is the most accurate in a given time?",
    table,
    draw,
};

/// Fewest networks that make a front.
const LEAST_NETWORKS: usize = 5;

/// Everything the figure says, those on the front of an engine first.
fn table(view: &View<'_>) -> FigureTable {
    let differ = "training recipes differ, and accuracies compare them too";
    of_recipes(view, &FIGURE, differ, |_| true)
}

/// Returns the table of a figure of those networks that it takes.
pub(super) fn of_recipes(
    view: &View<'_>,
    figure: &'static FigureEntry,
    recipes: &str,
    takes: fn(&Published) -> bool,
) -> FigureTable {
    let cells = view.cells(Kinds::Networks);
    let images = UsualInputs::of(cells.iter().copied());
    let rows = accuracies(view, &cells, &images, takes);
    let content = Content {
        statistic: format!(
            "{}y: top-1 accuracy as published for trained weights or in the network\u{2019}s paper, not measured here; \
             {recipes}. x: median latency. Coloured and named: no other is as accurate and faster on that engine.",
            images.sentence()
        ),
        unit: Unit::Percent,
        against: None,
        section: Some("front"),
        group: "network",
        x: Some("median latency in ms"),
        absences: absences(view, &cells),
        cells,
        rows,
    };
    let table = FigureTable::new(figure, view, content);
    let few = too_few(&table.rows);
    table.omitted_for(few)
}

/// Returns that too few networks have a published accuracy, if so.
pub(super) fn too_few(rows: &[Row]) -> Option<String> {
    let networks: BTreeSet<&str> = rows.iter().map(|row| row.group.as_str()).collect();
    (networks.len() < LEAST_NETWORKS).then(|| {
        format!(
            "{LEAST_NETWORKS} networks at least whose accuracy at their size is published make a front, here are {}",
            networks.len()
        )
    })
}

fn is_on_front(row: &Row) -> bool {
    row.section.as_deref() == Some(ON_THE_FRONT)
}

/// Draws the table as a scatter for each engine.
pub(super) fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    scatter(
        table,
        &ScatterStyle {
            subtitle:
                "Published top-1 accuracy on ImageNet in percent over median latency, logarithmic"
                    .to_string(),
            x_title: "median latency of one inference in ms",
            x_unit: 1.0,
            y: YScale::Linear,
            panels: table.series().into_iter().map(|series| (series.label, None)).collect(),
            panel: |row| &row.series.label,
            legend: Vec::new(),
            look: |row| {
                let look = engine_marker(&row.series.engine, 0);
                if is_on_front(row) {
                    look
                } else {
                    MarkerStyle { colour: AXIS, outline: Outline::Plus, ..look }
                }
            },
            // Of those on the front alone, the ends first.
            rank: |row| row.x.filter(|_| is_on_front(row)).map(|x| x.value().ln()),
            guides: Vec::new(),
            square: false,
        },
    )
}
