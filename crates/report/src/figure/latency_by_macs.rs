//! Does latency follow the number of MACs? One panel per engine, one mark per architecture: median
//! latency over MACs, lines of equal MACs a second, names of networks that stand out.
//! Reads: cell, macs, origin, latency_ns. Axes: MACs, logarithmic; milliseconds, logarithmic.

use formbench_analysis::{
    AxisValue, Row, Unit, View,
    absence::{absences, absences_of_attributes},
    number::millions,
    rows::by_cost,
    usual_inputs::UsualInputs,
    view::Kinds,
};
use formbench_statistics::Estimate;

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::MEDIAN_LATENCY;
use crate::content::Content;
use crate::plot::{Course, Guide, ScatterStyle, YScale, scatter};
use crate::theme::{MarkerStyle, network_marker, pattern_marker};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "latency-by-macs",
    also: &[],
    question: "Does latency follow the number of MACs?",
    table,
    draw,
};

/// Costs whose largest is less than so many times the smallest are the same.
const SAME: f64 = 1.1;
/// The axis' unit.
const MILLION: f64 = 1e6;

/// Everything the figure says, by pattern or network, engine and MACs.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let (known, unknown) = view.costs(&cells);
    let in_ms = |ns: f64| ns / 1e6;
    let ms = |_: &_, ns: Estimate| Estimate {
        value: in_ms(ns.value),
        low: in_ms(ns.low),
        high: in_ms(ns.high),
    };
    let images = UsualInputs::of(cells.iter().copied());
    let rows = by_cost(view, &known, &images, |row| AxisValue::Count(row.macs), ms);
    let absences = [absences(view, &cells), absences_of_attributes(&unknown)].concat();
    let statistic = format!(
        "{}x: multiply-accumulates of convolutions and matrix products in one inference, all images of \
         its batch; diagonals: equal MACs a second, ten times as many from one to the next. \
         {MEDIAN_LATENCY}, one per architecture; the networks farthest from an engine's middle rate \
         are named where there is room",
        images.sentence()
    );
    let content = Content {
        statistic,
        unit: Unit::Ms,
        against: None,
        section: None,
        group: "architecture",
        x: Some("MACs"),
        cells,
        rows,
        absences,
    };
    let table = FigureTable::new(&FIGURE, view, content);
    let same = same_cost(&table.rows);
    table.omitted_if(same)
}

/// Draws the table as a scatter for each engine.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    scatter(
        table,
        &ScatterStyle {
            subtitle: "Median latency of one inference in ms, both axes logarithmic".to_string(),
            x_title: "MACs of one inference, in millions",
            x_unit: MILLION,
            y: YScale::Log,
            panels: table.series().into_iter().map(|series| (series.label, None)).collect(),
            panel: |row| &row.series.label,
            legend: architecture_legend(table),
            look: architecture_marker,
            rank: |row| Some(rate(row).unwrap_or_default()),
            guides: decades(&table.rows).map(equal_rate).collect(),
            square: false,
        },
    )
}

/// Returns the style of one architecture's mark.
pub(super) fn architecture_marker(row: &Row) -> MarkerStyle {
    row.origin().map_or_else(|| pattern_marker(&row.group), network_marker)
}

/// Returns the patterns in the table's order, then networks by where they come from.
pub(super) fn architecture_legend(table: &FigureTable) -> Vec<(String, MarkerStyle)> {
    let mut legend: Vec<(String, MarkerStyle)> = Vec::new();
    for row in &table.rows {
        let name = row.origin().map_or(row.group.as_str(), |origin| origin.networks());
        if legend.iter().all(|(other, _)| other != name) {
            legend.push((name.to_string(), architecture_marker(row)));
        }
    }
    legend
}

/// Returns that all architectures cost the same, if they do: then there is nothing to follow.
fn same_cost(rows: &[Row]) -> Option<String> {
    let macs = || rows.iter().filter_map(|row| row.x).map(AxisValue::value);
    let (least, most) = (macs().fold(f64::INFINITY, f64::min), macs().fold(0.0, f64::max));
    (most > 0.0 && most < SAME * least).then(|| {
        format!(
            "all architectures cost the same, {} to {} MACs",
            millions(least as u64),
            millions(most as u64)
        )
    })
}

/// Returns the power of ten of a row's MACs a second.
fn rate(row: &Row) -> Option<f64> {
    row.x.map(|x| (1e3 * x.value() / row.value).log10())
}

/// Returns the powers of ten of MACs a second that the rows lie among.
fn decades(rows: &[Row]) -> std::ops::RangeInclusive<i32> {
    let rates = rows.iter().filter_map(rate);
    let slowest = rates.clone().fold(f64::INFINITY, f64::min);
    let fastest = rates.fold(f64::NEG_INFINITY, f64::max);
    slowest.floor() as i32..=fastest.ceil() as i32
}

/// Returns the line on which every inference has `10^decade` MACs a second.
fn equal_rate(decade: i32) -> Guide {
    let giga = match decade - 9 {
        exponent @ 0.. => 10_i64.pow(exponent.unsigned_abs()).to_string(),
        exponent => format!("{:.*}", exponent.unsigned_abs() as usize, 10_f64.powi(exponent)),
    };
    // Milliseconds for a million MACs.
    let course = Course::Ratio(MILLION * 10_f64.powi(3 - decade));
    Guide { label: format!("{giga} GMAC/s"), course }
}
