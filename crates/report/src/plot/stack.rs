use formbench_analysis::{Row, Series};

use super::axis::{Axis, linear_ticks, tick_labels};
use super::frame;
use crate::canvas::{Anchor, Canvas, fitted, widest};
use crate::figure_table::Group;
use crate::theme::{
    AXIS, FOOTNOTE, GRID, HAIRLINE, INK, LABEL, MARGIN, MarkerStyle, NUMBER, Outline, PAPER,
    QUIET_INK, WIDTH, part_colour, parts,
};
use crate::{FigureTable, ReportError};

/// Height of a bar, and white between the bars of two sections.
const BAR: f64 = 9.5;
const GAP: f64 = 7.0;
/// White between names and bars.
const GUTTER: f64 = 10.0;
/// Share of the width that names take at most.
const MOST_NAMES: f64 = 0.3;
/// Lines across the bars at most.
const MOST_TICKS: usize = 8;

/// Returns stacked bars: a section per architecture, in it a bar per series, in each a piece per group, as long as its value.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn stack(table: &FigureTable, subtitle: &str) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        frame::legend(&mut canvas, &entries(table), false);
        bars(&mut canvas, table, &table.series());
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

/// Returns each part that is there with its colour, in the order of the pieces.
fn entries(table: &FigureTable) -> Vec<(String, MarkerStyle)> {
    let is_there = |part: &&str| table.rows.iter().any(|row| row.group == *part);
    let entry = |part: &str| {
        let (colour, outline, filled) = (part_colour(part), Outline::Square, true);
        (part.to_string(), MarkerStyle { colour, outline, filled })
    };
    parts().filter(is_there).map(entry).collect()
}

fn bars(canvas: &mut Canvas, table: &FigureTable, series: &[Series]) {
    let sections = table.sections();
    let names = sections.iter().map(|(name, _)| *name);
    let names = widest(names, LABEL).min(MOST_NAMES * WIDTH);
    let labels = widest(series.iter().map(|one| one.label.as_str()), FOOTNOTE);
    let left = MARGIN + names + GUTTER + labels + GUTTER / 2.0;
    let lengths = sections.iter().flat_map(|(_, groups)| {
        series.iter().map(|one| of_series(groups, one).iter().map(|row| row.value.max(0.0)).sum())
    });
    let most = lengths.fold(100.0, f64::max);
    let axis = Axis::linear((0.0, most), (left, WIDTH - MARGIN - GUTTER));
    let height = BAR * series.len() as f64 + GAP;
    let top = canvas.height;
    let bottom = top + height * sections.len() as f64;
    let ticks = linear_ticks((0.0, most), MOST_TICKS);
    for tick in &ticks {
        let x = axis.at(*tick);
        canvas.line((x, top), (x, bottom), HAIRLINE, GRID);
    }
    for (at, (name, groups)) in sections.iter().enumerate() {
        let top = top + height * at as f64 + GAP / 2.0;
        let middle = top + BAR * series.len() as f64 / 2.0 + 0.36 * LABEL.em;
        let name = fitted(name, LABEL, names);
        canvas.text((MARGIN, middle), &name, LABEL, Anchor::Start, INK);
        for (bar, one) in series.iter().enumerate() {
            let top = top + BAR * bar as f64;
            let baseline = (left - GUTTER / 2.0, top + BAR / 2.0 + 0.36 * FOOTNOTE.em);
            canvas.text(baseline, &one.label, FOOTNOTE, Anchor::End, QUIET_INK);
            pieces(canvas, &axis, &of_series(groups, one), (top + 0.5, top + BAR - 0.5));
        }
    }
    canvas.line((left, top), (left, bottom), HAIRLINE, AXIS);
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let baseline = (axis.at(*tick), bottom + 4.0 + NUMBER.em);
        canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
    }
    canvas.height = bottom + 18.0;
}

/// Returns the pieces of one bar.
fn of_series<'a>(groups: &[Group<'a>], series: &Series) -> Vec<&'a Row> {
    let rows = groups.iter().flat_map(|(_, rows)| rows.iter().copied());
    rows.filter(|row| row.series == *series).collect()
}

/// Draws the pieces of one bar, one behind the other.
fn pieces(canvas: &mut Canvas, axis: &Axis, rows: &[&Row], (top, bottom): (f64, f64)) {
    let mut start = 0.0;
    for row in rows {
        let end = start + row.value.max(0.0);
        piece(canvas, &row.group, [axis.at(start), top, axis.at(end), bottom]);
        start = end;
    }
}

/// Draws a piece in its part's colour, with a hairline of paper at its end, so that two of one bar are told apart in grey.
fn piece(canvas: &mut Canvas, part: &str, [left, top, right, bottom]: [f64; 4]) {
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    canvas.polygon(corners, part_colour(part));
    if right - left > 2.0 * HAIRLINE {
        canvas.line((right, top), (right, bottom), HAIRLINE, PAPER);
    }
}
