//! Do two machines come to the same speed-ups? One panel per engine, one mark per architecture: speed-up on one machine
//! over that on the other, a line where both are the same.
//! Reads: cell, latency_ns of two runs. Axes: ratio, logarithmic.

use formbench_analysis::{
    AxisValue, Compared, NetworkOrigin, Row, Series, agreement, number::percent,
    order::engine_order,
};
use formbench_statistics::Estimate;

use crate::canvas::Canvas;
use crate::plot::{Course, Guide, ScatterStyle, YScale, scatter};
use crate::theme::engine_marker;
use crate::{CommittedRun, FigureTable, ReportError};

/// Native frameworks: the study's, and Burn's.
const BASELINES: [&str; 2] = ["pytorch", "burn/ndarray"];

/// Everything the figure says, by engine and architecture.
pub(super) fn table(ours: &CommittedRun, theirs: &CommittedRun) -> FigureTable {
    let agreement = agreement(&ours.run, &theirs.run);
    let is_plain =
        |one: &&Compared| BASELINES.contains(&one.baseline.as_str()) && !one.engine.contains('{');
    let compared: Vec<&Compared> = agreement.compared.iter().filter(is_plain).collect();
    let agreeing = compared.iter().filter(|one| one.agrees).count();
    let mut rows: Vec<Row> = compared.into_iter().map(row).collect();
    rows.sort_by(|a, b| (&a.series, &a.group).cmp(&(&b.series, &b.group)));
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

fn row(one: &Compared) -> Row {
    let [value, low, high] = one.against;
    let label = format!("{} over {}", one.engine, one.baseline);
    let series = Series {
        order: engine_order(&one.engine),
        engine: one.engine.clone(),
        variant: 0,
        label,
        threads: one.threads,
    };
    Row {
        architecture: Some(formbench_analysis::ArchitectureLabel {
            kind: formbench_store::CellKind::Network,
            origin: Some(NetworkOrigin::Unknown),
            label: one.architecture.clone(),
        }),
        x: Some(AxisValue::Number(one.speed_up[0])),
        as_found: usize::from(one.as_found),
        rounds: one.rounds[0].min(one.rounds[1]),
        ..Row::new(&one.architecture, series, Estimate { value, low, high })
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
