//! When does the last-level cache serve an inference? One panel per engine, one mark per architecture and cache: share
//! of references that the cache serves, over how many times its size the weights are.
//! Reads: cell, weight_bytes, caches. Axes: ratio, logarithmic; percent, from 0 to 100.

use formbench_analysis::{
    Unit, View,
    absence::{absences_of_attributes, absences_of_caches},
    hit_rate::{hit_rates, sources},
    usual_inputs::UsualInputs,
    view::Kinds,
};

use super::FigureEntry;
use super::latency_by_macs::{architecture_legend, architecture_marker};
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{Course, Guide, ScatterStyle, YScale, scatter};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "l3-efficacy-by-weights",
    also: &[],
    question: "When does the last-level cache serve an inference?",
    table,
    draw,
};

/// Everything the figure says, by cache, pattern, engine and size of the weights.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let images = UsualInputs::of(cells.iter().copied());
    let (_, unknown) = view.costs(&cells);
    let statistic = format!(
        "{}Mark: share of the references to the last-level cache during one warm inference that it serves \
         itself (efficacy, hit rate), 1 \u{2212} misses / references, one per architecture and cache; x: bytes of all \
         weights over those of the cache. {}",
        images.sentence(),
        sources(view, &cells)
    );
    let content = Content {
        statistic: statistic.trim_end().to_string(),
        unit: Unit::Percent,
        against: None,
        section: Some("cache"),
        group: "architecture",
        x: Some("weights / cache"),
        absences: [absences_of_caches(view, &cells), absences_of_attributes(&unknown)].concat(),
        rows: hit_rates(view, &cells, &images),
        cells,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a scatter for each engine, a line where the weights fill the cache.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let fills =
        Guide { label: "weights fill the cache".to_string(), course: Course::Upright { x: 1.0 } };
    scatter(
        table,
        &ScatterStyle {
            subtitle: "References to the last-level cache that it serves itself, in percent"
                .to_string(),
            x_title: "bytes of the weights, as a multiple of the cache, logarithmic axis",
            x_unit: 1.0,
            y: YScale::Percent,
            panels: table.series().into_iter().map(|series| (series.label, None)).collect(),
            panel: |row| &row.series.label,
            legend: architecture_legend(table),
            look: architecture_marker,
            rank: |row| Some(row.value),
            guides: vec![fills],
            square: false,
        },
    )
}
