//! Do two machines come to the same speed-ups? One panel per engine, one mark per architecture: speed-up on one machine
//! over that on the other, a line where both are the same.
//! Reads: cell, latency_ns of two runs. Axes: ratio, logarithmic.

use formbench_analysis::{AxisValue, agreement, number::percent};

use crate::canvas::Canvas;
use crate::plot::{Course, Guide, ScatterStyle, YScale, scatter};
use crate::theme::engine_marker;
use crate::{CommittedRun, FigureTable, ReportError};

/// Everything the figure says, by engine and architecture.
pub(super) fn table(ours: &CommittedRun, theirs: &CommittedRun) -> FigureTable {
    let agreement = agreement(&ours.run, &theirs.run);
    let (rows, agreeing) = agreement.rows();
    let caption = format!(
        "{} speed-ups that both have, {} agree within their intervals \u{b7} x: {}, y: {} \u{b7} with a hole: fewer than 3 \
         rounds, or a busy host",
        rows.len(),
        percent(agreeing as f64 / rows.len().max(1) as f64),
        ours.host,
        theirs.host
    );
    FigureTable {
        x: Some("on the other machine"),
        ..FigureTable::across(
            "hosts",
            "Do two machines come to the same speed-ups?",
            &caption,
            "Mark: one architecture, engine and number of threads on both machines; whisker: 95 % interval on y. \
             Those farthest from the line are named where there is room.",
            rows,
        )
    }
}

/// Draws the table as a scatter for each engine.
pub(super) fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let same = Guide { label: "the same".to_string(), course: Course::Ratio(1.0) };
    let mut panels: Vec<String> = Vec::new();
    for row in &table.rows {
        if !panels.contains(&row.series.label) {
            panels.push(row.series.label.clone());
        }
    }
    scatter(
        table,
        &ScatterStyle {
            subtitle: "Speed-up on the one machine over that on the other, both axes logarithmic"
                .to_string(),
            x_title: "speed-up on the machine of x",
            x_unit: 1.0,
            y: YScale::Log,
            panels: panels.into_iter().map(|name| (name, None)).collect(),
            panel: |row| &row.series.label,
            legend: Vec::new(),
            look: |row| engine_marker(&row.series.engine, 0),
            rank: |row| Some((row.value / row.x.map_or(row.value, AxisValue::value)).ln()),
            guides: vec![same],
            square: true,
        },
    )
}
