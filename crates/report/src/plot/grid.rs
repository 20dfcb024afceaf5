use plotters::style::RGBColor;

use super::axis::{Axis, linear_ticks, log_ticks, tick_labels};
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::theme::{AXIS, FOOTNOTE, GRID, GROUP, HAIRLINE, INK, MARGIN, NUMBER, QUIET_INK, WIDTH};

/// Panels side by side at most.
const MOST_COLUMNS: usize = 4;
/// A panel's width at most.
const MOST_WIDTH: f64 = 330.0;
/// White between panels.
const GUTTER: f64 = 16.0;
/// Room for a panel's name above it, and for ticks below.
const HEAD: f64 = 22.0;
/// Room for the options of an engine below its name.
const OPTIONS: f64 = 12.0;
const FOOT: f64 = 24.0;
/// Grid lines at most.
const MOST_TICKS: usize = 8;

/// One panel's place: left, top, right, bottom.
pub(super) type Frame = [f64; 4];

/// What y of small multiples shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum YRange {
    /// Logarithmic, between two values.
    Log((f64, f64)),
    /// Linear, between two values.
    Linear((f64, f64)),
    /// Linear, from 0 to 100.
    Percent,
}

/// What small multiples share: their places and y.
pub(super) struct Grid {
    columns: usize,
    left: f64,
    top: f64,
    /// Room above a panel.
    head: f64,
    /// A panel's height between its axes.
    height: f64,
    y_range: YRange,
    y_ticks: Vec<f64>,
    y_labels: Vec<String>,
}

impl Grid {
    /// Returns the grid of named panels below `top`, in rows that are as even as can be.
    pub(super) fn new(names: &[&str], height: f64, y_range: YRange, top: f64) -> Self {
        let y_ticks = match y_range {
            YRange::Log(range) => log_ticks(range, MOST_TICKS),
            YRange::Linear(range) => linear_ticks(range, MOST_TICKS),
            YRange::Percent => vec![0.0, 25.0, 50.0, 75.0, 100.0],
        };
        let y_labels = tick_labels(&y_ticks);
        let left = MARGIN + widest(y_labels.iter().map(String::as_str), NUMBER) + 6.0;
        let rows = names.len().div_ceil(MOST_COLUMNS).max(1);
        let columns = names.len().div_ceil(rows);
        let grid = Self { columns, left, top, head: HEAD, height, y_range, y_ticks, y_labels };
        let [start, _, end, _] = grid.place(0);
        let is_split = |name: &&str| split(name, end - start).1.is_some();
        let head = if names.iter().any(is_split) { HEAD + OPTIONS } else { HEAD };
        Self { head, ..grid }
    }

    /// Returns the place of a panel between its axes.
    pub(super) fn place(&self, at: usize) -> Frame {
        let room = WIDTH - MARGIN - self.left + GUTTER;
        let width = (room / self.columns as f64 - GUTTER).min(MOST_WIDTH);
        let x = self.left + (at % self.columns) as f64 * (width + GUTTER);
        let y =
            self.top + self.head + (at / self.columns) as f64 * (self.head + self.height + FOOT);
        [x, y, x + width, y + self.height]
    }

    /// Returns a panel's y.
    pub(super) fn y(&self, [_, top, _, bottom]: Frame) -> Axis {
        match self.y_range {
            YRange::Log(range) => Axis::log(range, (bottom, top)),
            YRange::Linear(range) => Axis::linear(range, (bottom, top)),
            YRange::Percent => Axis::linear((0.0, 100.0), (bottom, top)),
        }
    }

    /// Draws a panel's name and y; only the leftmost labels its lines.
    pub(super) fn draw(
        &self,
        canvas: &mut Canvas,
        at: usize,
        name: &str,
        colour: Option<RGBColor>,
    ) {
        let place = self.place(at);
        let [left, _, right, bottom] = place;
        head(canvas, place, name, colour);
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
        canvas.height = bottom + FOOT - 6.0;
    }

    /// Says below the lowest panels what x is.
    pub(super) fn close(&self, canvas: &mut Canvas, x_title: &str) {
        let middle = (self.place(0)[0] + self.place(self.columns - 1)[2]) / 2.0;
        let y = canvas.height + NUMBER.em;
        canvas.text((middle, y), x_title, NUMBER, Anchor::Middle, QUIET_INK);
        canvas.height = y + 4.0;
    }
}

fn head(canvas: &mut Canvas, [left, top, right, _]: Frame, name: &str, colour: Option<RGBColor>) {
    let mut start = left;
    if let Some(colour) = colour {
        canvas.line((left, top - 11.0), (left + 8.0, top - 11.0), 3.0, colour);
        start += 13.0;
    }
    let (name, options) = split(name, right - start);
    let mut y = top - 7.0;
    if let Some(options) = options {
        let options = fitted(&options, FOOTNOTE, right - start);
        canvas.text((start, y), &options, FOOTNOTE, Anchor::Start, QUIET_INK);
        y -= OPTIONS;
    }
    let name = fitted(name, GROUP, right - start);
    canvas.text((start, y), &name, GROUP, Anchor::Start, INK);
}

/// Returns an engine's name and, if both do not fit side by side, its options apart.
pub(super) fn split(name: &str, width: f64) -> (&str, Option<String>) {
    match name.split_once('{') {
        Some((engine, options)) if text_width(name, GROUP) > width => {
            (engine, Some(options.replacen('}', "", 1)))
        }
        _ => (name, None),
    }
}
