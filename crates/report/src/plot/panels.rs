use formbench_analysis::{AxisValue, Row, Series};
use plotters::style::RGBColor;

use super::axis::Axis;
use super::axis::extent;
use super::frame;
use super::grid::{Frame, Grid, YRange};
use super::mark::{Along, halo, look, mark, whisker};
use crate::canvas::{Anchor, Canvas, text_width};
use crate::figure_table::Group;
use crate::theme::{AXIS, BAR, HAIRLINE, LINE, NUMBER, QUIET_INK};
use crate::{FigureTable, ReportError};

/// A panel's height between its axes.
const HEIGHT: f64 = 190.0;
/// Between neighbouring series at one x, and between the first and the last.
const MOST_ASIDE: f64 = 2.5;
const WIDEST_ASIDE: f64 = 12.0;

/// How small multiples of lines differ from others.
pub(crate) struct PanelStyle {
    /// What the axes say, below the question.
    pub(crate) subtitle: String,
    /// What x says, below the lowest panels.
    pub(crate) x_title: &'static str,
    /// Whether x is logarithmic.
    pub(crate) log_x: bool,
    /// Colour of a panel's rule.
    pub(crate) group_colour: fn(&str) -> RGBColor,
}

/// Returns small multiples: a panel per group, a line per series over x, axes shared by all panels.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn panels(table: &FigureTable, style: &PanelStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        let series = table.series();
        let entries = series.iter().map(|series| (series.label.clone(), look(series)));
        frame::legend(&mut canvas, &entries.collect::<Vec<_>>(), true);
        let x_values = x_values(table);
        let groups: Vec<_> = table.sections().into_iter().flat_map(|(_, groups)| groups).collect();
        let names: Vec<&str> = groups.iter().map(|(name, _)| *name).collect();
        let estimates = table.rows.iter().map(|row| [row.value, row.low, row.high]);
        let grid = Grid::new(&names, HEIGHT, YRange::Log(extent(estimates, None)), canvas.height);
        lines(&mut canvas, &grid, &groups, (&series, &x_values), style);
        grid.close(&mut canvas, style.x_title);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

/// Draws the panels.
fn lines(
    canvas: &mut Canvas,
    grid: &Grid,
    groups: &[Group<'_>],
    (series, x_values): (&[Series], &[AxisValue]),
    style: &PanelStyle,
) {
    for (at, (name, rows)) in groups.iter().enumerate() {
        let place = grid.place(at);
        let x = x_axis(x_values, style.log_x, place);
        grid.draw(canvas, at, name, Some((style.group_colour)(name)));
        x_ticks(canvas, &x, x_values, place[3]);
        for line in rows.chunk_by(|a, b| a.series == b.series) {
            let rank = series.iter().position(|one| line.iter().any(|row| row.series == *one));
            let aside = aside(rank.unwrap_or_default(), series.len());
            series_line(canvas, &x, &grid.y(place), line, aside);
        }
    }
}

/// Returns the measured values of x, ascending.
fn x_values(table: &FigureTable) -> Vec<AxisValue> {
    let mut values: Vec<AxisValue> = table.rows.iter().filter_map(|row| row.x).collect();
    values.sort_by(|a, b| a.value().total_cmp(&b.value()));
    values.dedup();
    values
}

fn x_axis(values: &[AxisValue], log: bool, [left, _, right, _]: Frame) -> Axis {
    let end = |value: Option<&AxisValue>| value.map_or(1.0, |value| value.value());
    let range = (end(values.first()), end(values.last()));
    let ends = (left + 12.0, right - 12.0);
    if log { Axis::log(range, ends) } else { Axis::linear(range, ends) }
}

/// Draws ticks at the measured values; a label that would touch the one before it is left out.
fn x_ticks(canvas: &mut Canvas, x: &Axis, values: &[AxisValue], bottom: f64) {
    let mut free = f64::NEG_INFINITY;
    for value in values {
        let place = x.at(value.value());
        canvas.line((place, bottom), (place, bottom + 3.0), HAIRLINE, AXIS);
        let label = value.to_string();
        let half = text_width(&label, NUMBER) / 2.0;
        if place - half > free {
            let baseline = (place, bottom + 5.0 + NUMBER.em);
            canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
            free = place + half + 4.0;
        }
    }
}

/// Returns how far right a series is drawn of its x, so that intervals at one x stay apart.
pub(super) fn aside(rank: usize, series: usize) -> f64 {
    let gaps = series.saturating_sub(1) as f64;
    (rank as f64 - gaps / 2.0) * MOST_ASIDE.min(WIDEST_ASIDE / gaps.max(1.0))
}

fn series_line(canvas: &mut Canvas, x: &Axis, y: &Axis, line: &[&Row], aside: f64) {
    let Some(look) = line.first().map(|row| look(&row.series)) else {
        return;
    };
    let at = |row: &Row| (x.at(row.x.map_or(0.0, AxisValue::value)) + aside, y.at(row.value));
    for pair in line.windows(2) {
        canvas.line(at(pair[0]), at(pair[1]), LINE, look.colour);
    }
    for row in line {
        halo(canvas, at(row), look);
    }
    for row in line {
        if row.has_interval() {
            whisker(canvas, y, Along::Y(at(row).0), (row.low, row.high), BAR, look.colour);
        }
        mark(canvas, at(row), look.hollow_if(row.is_doubtful()));
    }
}
