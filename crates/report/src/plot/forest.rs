use plotters::style::RGBColor;

use super::axis::{Axis, extent, log_ticks, tick_labels};
use super::frame;
use super::mark::{Along, first_look, look, mark, whisker};
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::number::alike;
use crate::theme::{
    AXIS, GRID, GROUP, HAIRLINE, INK, LABEL, LINE, Look, MARGIN, NUMBER, QUIET_INK, WIDTH,
};
use crate::{FigureTable, ReportError, Row, X};

/// Height of a row.
const ROW: f64 = 16.0;
/// White between groups.
const GAP: f64 = 8.0;
/// White between columns.
const GUTTER: f64 = 14.0;
/// Width that the axis keeps at least, in front of long labels.
const LEAST_AXIS: f64 = 160.0;
/// Grid lines at most.
const MOST_TICKS: usize = 7;
/// Where names of groups begin, right of their rules.
const NAMES: f64 = MARGIN + 9.0;
/// Head of the column that counts cells.
const COUNTS_HEAD: &str = "cells";

/// How a forest plot differs from another.
pub(crate) struct ForestStyle {
    /// What the axis says, below the question.
    pub(crate) subtitle: String,
    /// The value of no difference, drawn as a line.
    pub(crate) reference: Option<f64>,
    /// Colour of a group's rule, where it has one.
    pub(crate) group_colour: fn(&str) -> Option<RGBColor>,
    /// Whether each row is a step from the one before it, the first from the reference.
    pub(crate) stepped: bool,
}

/// Where the columns are.
struct Columns {
    /// Whether a group's name has a line of its own, since its rows' labels are long.
    stacked: bool,
    series: f64,
    axis: Axis,
    numbers: f64,
    /// Absent where every row stands for one cell.
    counts: Option<f64>,
}

/// Returns a forest plot: one row per estimate, grouped, with mark, interval and numbers.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn forest(table: &FigureTable, style: &ForestStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        let columns = columns(table, style);
        let groups = table.groups();
        heads(&mut canvas, table, &columns);
        let top = canvas.height;
        let lines = table.rows.len() + if columns.stacked { groups.len() } else { 0 };
        let bottom = top + groups.len() as f64 * GAP + lines as f64 * ROW;
        grid(&mut canvas, &columns, style, (top, bottom));
        for (at, (name, rows)) in groups.into_iter().enumerate() {
            if at > 0 {
                let y = canvas.height;
                canvas.line((MARGIN, y), (WIDTH - MARGIN, y), HAIRLINE, GRID);
            }
            group(&mut canvas, name, &rows, &columns, style);
        }
        canvas.height = bottom + 18.0;
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

fn columns(table: &FigureTable, style: &ForestStyle) -> Columns {
    let numbers: Vec<String> = table.rows.iter().map(numbers_text).collect();
    let counts: Vec<String> = table.rows.iter().map(counts_text).collect();
    let counted = table.rows.iter().any(|row| row.cells_asked > 1);
    let head = numbers_head(table);
    let groups = widest(table.rows.iter().map(|row| row.group.as_str()), GROUP);
    let labels = widest(table.rows.iter().map(|row| row.series.label.as_str()), LABEL);
    let counts_width = widest(counts.iter().map(String::as_str).chain([COUNTS_HEAD]), NUMBER);
    let numbers_width = widest(numbers.iter().chain([&head]).map(String::as_str), NUMBER);
    let counts_end = WIDTH - MARGIN;
    let numbers_end = if counted { counts_end - counts_width - GUTTER } else { counts_end };
    let end = numbers_end - numbers_width - GUTTER;
    let stacked = NAMES + groups + GUTTER + labels + GUTTER > end - LEAST_AXIS;
    let series = if stacked { NAMES } else { NAMES + groups + GUTTER };
    let start = (series + labels + GUTTER).min(end - LEAST_AXIS);
    let estimates = table.rows.iter().map(|row| [row.value, row.low, row.high]);
    let axis = Axis::log(extent(estimates, style.reference), (start, end));
    Columns { stacked, series, axis, numbers: numbers_end, counts: counted.then_some(counts_end) }
}

fn numbers_head(table: &FigureTable) -> String {
    format!("{} [95 % interval]", table.unit.sign().trim())
}

fn heads(canvas: &mut Canvas, table: &FigureTable, columns: &Columns) {
    let y = canvas.height + NUMBER.em;
    let head = numbers_head(table);
    canvas.text((columns.numbers, y), &head, NUMBER, Anchor::End, QUIET_INK);
    if let Some(counts) = columns.counts {
        canvas.text((counts, y), COUNTS_HEAD, NUMBER, Anchor::End, QUIET_INK);
    }
    canvas.height = y + 6.0;
}

fn grid(canvas: &mut Canvas, columns: &Columns, style: &ForestStyle, (top, bottom): (f64, f64)) {
    let axis = &columns.axis;
    let mut free = f64::NEG_INFINITY;
    let ticks = log_ticks((axis.low, axis.high), MOST_TICKS);
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let x = axis.at(*tick);
        canvas.line((x, top), (x, bottom), HAIRLINE, GRID);
        let half = text_width(&label, NUMBER) / 2.0;
        if x - half > free {
            let baseline = (x, bottom + 4.0 + NUMBER.em);
            canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
            free = x + half + 4.0;
        }
    }
    if let Some(reference) = style.reference {
        let x = axis.at(reference);
        canvas.line((x, top), (x, bottom), LINE, AXIS);
    }
    canvas.line((axis.at(axis.low), bottom), (axis.at(axis.high), bottom), HAIRLINE, AXIS);
}

fn group(canvas: &mut Canvas, name: &str, rows: &[&Row], columns: &Columns, style: &ForestStyle) {
    let top = canvas.height + GAP / 2.0;
    let first = if columns.stacked { top + ROW } else { top };
    let bottom = first + ROW * rows.len() as f64;
    if let Some(colour) = (style.group_colour)(name) {
        canvas.line((MARGIN + 1.5, top + 1.0), (MARGIN + 1.5, bottom - 1.0), 3.0, colour);
    }
    let baseline = top + ROW / 2.0 + 0.36 * GROUP.em;
    canvas.text((NAMES, baseline), name, GROUP, Anchor::Start, INK);
    let middle = |at: usize| first + ROW * (at as f64 + 0.5);
    if let Some(reference) = style.reference.filter(|_| style.stepped) {
        steps(canvas, rows, &columns.axis, reference, middle);
    }
    for (at, row) in rows.iter().enumerate() {
        let look = if style.stepped { first_look(&row.series) } else { look(&row.series) };
        estimate(canvas, row, columns, middle(at), look);
    }
    canvas.height = bottom + GAP / 2.0;
}

/// Draws the way from step to step; where the numbers of steps begin anew, it leaves the reference.
fn steps(
    canvas: &mut Canvas,
    rows: &[&Row],
    axis: &Axis,
    reference: f64,
    middle: impl Fn(usize) -> f64,
) {
    let step = |row: &Row| row.x.map_or(0.0, X::value);
    for (at, row) in rows.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| rows[before]);
        let before = before.filter(|before| step(before) < step(row));
        let (from, y) = (axis.at(before.map_or(reference, |row| row.value)), middle(at));
        let above = before.map_or(y - ROW / 2.0, |_| middle(at - 1));
        canvas.line((from, above), (from, y), LINE, AXIS);
        canvas.line((from, y), (axis.at(row.value), y), LINE, AXIS);
    }
}

fn estimate(canvas: &mut Canvas, row: &Row, columns: &Columns, y: f64, look: Look) {
    let axis = &columns.axis;
    whisker(canvas, axis, Along::X(y), (row.low, row.high), look.colour);
    mark(canvas, (axis.at(row.value), y), look);
    let baseline = y + 0.36 * LABEL.em;
    let label = fitted(&row.series.label, LABEL, axis.at(axis.low) - GUTTER - columns.series);
    canvas.text((columns.series, baseline), &label, LABEL, Anchor::Start, INK);
    canvas.text((columns.numbers, baseline), &numbers_text(row), NUMBER, Anchor::End, INK);
    if let Some(counts) = columns.counts {
        canvas.text((counts, baseline), &counts_text(row), NUMBER, Anchor::End, QUIET_INK);
    }
}

fn numbers_text(row: &Row) -> String {
    let [value, low, high] = alike([row.value, row.low, row.high], 3);
    format!("{value} [{low}, {high}]")
}

fn counts_text(row: &Row) -> String {
    if row.cells == row.cells_asked {
        row.cells.to_string()
    } else {
        format!("{} of {}", row.cells, row.cells_asked)
    }
}
