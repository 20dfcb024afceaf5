use std::collections::BTreeSet;

use plotters::style::RGBColor;

use super::axis::{Axis, extent, log_ticks, tick_labels};
use super::frame;
use super::mark::{Along, halo, look, mark, whisker};
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::theme::{AXIS, GRID, GROUP, HAIRLINE, INK, LINE, MARGIN, NUMBER, QUIET_INK, WIDTH};
use crate::{FigureTable, ReportError, Row};

/// Panels side by side at most.
const MOST_COLUMNS: usize = 4;
/// A panel's width at most.
const MOST_WIDTH: f64 = 330.0;
/// A panel's height between its axes.
const HEIGHT: f64 = 190.0;
/// White between panels.
const GUTTER: f64 = 16.0;
/// Room for a panel's name above it, and for ticks below.
const HEAD: f64 = 22.0;
const FOOT: f64 = 24.0;
/// Between neighbouring series at one x, and between the first and the last.
const MOST_ASIDE: f64 = 2.5;
const WIDEST_ASIDE: f64 = 12.0;
/// Grid lines at most.
const MOST_TICKS: usize = 8;

/// How small multiples differ from others.
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

/// One panel's place: left, top, right, bottom.
type Frame = [f64; 4];

/// What all panels share.
struct Grid {
    columns: usize,
    left: f64,
    top: f64,
    y_range: (f64, f64),
    y_ticks: Vec<f64>,
    y_labels: Vec<String>,
    /// Measured values of x, ascending.
    x_values: Vec<u32>,
    log_x: bool,
}

/// Returns small multiples: a panel per group, a line per series over x, axes shared by all
/// panels, y logarithmic.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn panels(table: &FigureTable, style: &PanelStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        let series = table.series();
        frame::legend(&mut canvas, &series);
        let groups = table.groups();
        let grid = Grid::new(table, groups.len(), style.log_x, canvas.height);
        for (at, (name, rows)) in groups.iter().enumerate() {
            let place = grid.place(at);
            head(&mut canvas, place, name, (style.group_colour)(name));
            grid.draw(&mut canvas, at);
            for line in rows.chunk_by(|a, b| a.series == b.series) {
                let rank = series.iter().position(|one| line.iter().any(|row| row.series == *one));
                let aside = aside(rank.unwrap_or_default(), series.len());
                series_line(&mut canvas, &grid.x(place), &grid.y(place), line, aside);
            }
            canvas.height = place[3] + FOOT - 6.0;
        }
        let middle = (grid.place(0)[0] + grid.place(grid.columns - 1)[2]) / 2.0;
        let y = canvas.height + NUMBER.em;
        canvas.text((middle, y), style.x_title, NUMBER, Anchor::Middle, QUIET_INK);
        canvas.height = y + 4.0;
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

impl Grid {
    fn new(table: &FigureTable, panels: usize, log_x: bool, top: f64) -> Self {
        let estimates = table.rows.iter().map(|row| [row.value, row.low, row.high]);
        let y_range = extent(estimates, None);
        let y_ticks = log_ticks(y_range, MOST_TICKS);
        let y_labels = tick_labels(&y_ticks);
        let left = MARGIN + widest(y_labels.iter().map(String::as_str), NUMBER) + 6.0;
        let x_values: BTreeSet<u32> = table.rows.iter().filter_map(|row| row.x).collect();
        let x_values = x_values.into_iter().collect();
        let columns = panels.min(MOST_COLUMNS);
        Self { columns, left, top, y_range, y_ticks, y_labels, x_values, log_x }
    }

    /// Returns the place of a panel between its axes.
    fn place(&self, at: usize) -> Frame {
        let room = WIDTH - MARGIN - self.left + GUTTER;
        let width = (room / self.columns as f64 - GUTTER).min(MOST_WIDTH);
        let x = self.left + (at % self.columns) as f64 * (width + GUTTER);
        let y = self.top + HEAD + (at / self.columns) as f64 * (HEAD + HEIGHT + FOOT);
        [x, y, x + width, y + HEIGHT]
    }

    fn x(&self, [left, _, right, _]: Frame) -> Axis {
        let end = |value: Option<&u32>| f64::from(value.copied().unwrap_or(1));
        let range = (end(self.x_values.first()), end(self.x_values.last()));
        let ends = (left + 12.0, right - 12.0);
        if self.log_x { Axis::log(range, ends) } else { Axis::linear(range, ends) }
    }

    fn y(&self, [_, top, _, bottom]: Frame) -> Axis {
        Axis::log(self.y_range, (bottom, top))
    }

    /// Draws a panel's axes; only the leftmost says what its lines are.
    fn draw(&self, canvas: &mut Canvas, at: usize) {
        let place = self.place(at);
        let [left, _, right, bottom] = place;
        let y = self.y(place);
        for (tick, label) in self.y_ticks.iter().zip(&self.y_labels) {
            let height = y.at(*tick);
            canvas.line((left, height), (right, height), HAIRLINE, GRID);
            if at.is_multiple_of(self.columns) {
                let baseline = (left - 6.0, height + 0.36 * NUMBER.em);
                canvas.text(baseline, label, NUMBER, Anchor::End, QUIET_INK);
            }
        }
        canvas.line((left, bottom), (right, bottom), HAIRLINE, AXIS);
        x_ticks(canvas, &self.x(place), &self.x_values, bottom);
    }
}

fn head(canvas: &mut Canvas, [left, top, right, _]: Frame, name: &str, colour: RGBColor) {
    let name = fitted(name, GROUP, right - left - 13.0);
    canvas.line((left, top - 11.0), (left + 8.0, top - 11.0), 3.0, colour);
    canvas.text((left + 13.0, top - 7.0), &name, GROUP, Anchor::Start, INK);
}

/// Draws ticks at the measured values; a label that would touch the one before it is left out.
fn x_ticks(canvas: &mut Canvas, x: &Axis, values: &[u32], bottom: f64) {
    let mut free = f64::NEG_INFINITY;
    for value in values {
        let place = x.at(f64::from(*value));
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
fn aside(rank: usize, series: usize) -> f64 {
    let gaps = series.saturating_sub(1) as f64;
    (rank as f64 - gaps / 2.0) * MOST_ASIDE.min(WIDEST_ASIDE / gaps.max(1.0))
}

fn series_line(canvas: &mut Canvas, x: &Axis, y: &Axis, line: &[&Row], aside: f64) {
    let Some(look) = line.first().map(|row| look(&row.series)) else {
        return;
    };
    let at = |row: &Row| (x.at(f64::from(row.x.unwrap_or_default())) + aside, y.at(row.value));
    for pair in line.windows(2) {
        canvas.line(at(pair[0]), at(pair[1]), LINE, look.colour);
    }
    for row in line {
        halo(canvas, at(row), look);
    }
    for row in line {
        whisker(canvas, y, Along::Y(at(row).0), (row.low, row.high), look.colour);
        mark(canvas, at(row), look);
    }
}
