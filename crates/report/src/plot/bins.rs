use plotters::style::RGBColor;

use super::axis::{Axis, linear_ticks, tick_labels};
use super::frame;
use super::grid::{Frame, Grid, YRange};
use crate::canvas::{Anchor, Canvas, text_width};
use crate::theme::{AXIS, HAIRLINE, INK, LINE, NUMBER, PAPER, QUIET_INK, tint};
use crate::{FigureTable, ReportError};

/// A panel's height between its axes.
const HEIGHT: f64 = 150.0;
/// Ticks along x at most.
const MOST_TICKS: usize = 6;
/// How dark a bar is.
const SHADE: f64 = 0.6;

/// How often values lie in each of some bins.
pub(crate) struct Bins {
    /// What it is of, with the colour of its bars.
    pub(crate) name: String,
    pub(crate) colour: RGBColor,
    /// Ends of each bin, and how much of all lies in it, in percent.
    pub(crate) bins: Vec<([f64; 2], f64)>,
    /// The middle of all values.
    pub(crate) middle: f64,
}

/// Returns small multiples of bars over bins, axes shared by all, with a line at the middle of each.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn bins(
    table: &FigureTable,
    subtitle: &str,
    x_title: &str,
    shown: &[Bins],
) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    let all = || shown.iter().flat_map(|one| &one.bins);
    let low = all().map(|([low, _], _)| *low).fold(f64::INFINITY, f64::min);
    let high = all().map(|([_, high], _)| *high).fold(f64::NEG_INFINITY, f64::max);
    let most = all().map(|(_, share)| *share).fold(1.0, f64::max);
    let names: Vec<&str> = shown.iter().map(|one| one.name.as_str()).collect();
    let grid = Grid::new(&names, HEIGHT, YRange::Linear((0.0, 1.05 * most)), canvas.height);
    for (at, one) in shown.iter().enumerate() {
        grid.draw(&mut canvas, at, &one.name, Some(one.colour));
        let place = grid.place(at);
        let x = Axis::linear((low, high), (place[0], place[2]));
        bars(&mut canvas, one, (&x, &grid.y(place)), place);
        ticks(&mut canvas, &x, place);
    }
    grid.close(&mut canvas, x_title);
    frame::close(&mut canvas, table);
    Ok(canvas)
}

fn bars(canvas: &mut Canvas, one: &Bins, (x, y): (&Axis, &Axis), [_, top, _, bottom]: Frame) {
    for ([low, high], share) in one.bins.iter().filter(|(_, share)| *share > 0.0) {
        let (left, right, top) = (x.at(*low), x.at(*high), y.at(*share));
        let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        canvas.polygon(corners, tint(one.colour, SHADE));
        canvas.line((right, top), (right, bottom), HAIRLINE, PAPER);
    }
    let middle = x.at(one.middle);
    canvas.line((middle, top), (middle, bottom), LINE, INK);
}

fn ticks(canvas: &mut Canvas, axis: &Axis, [left, _, right, bottom]: Frame) {
    let ticks = linear_ticks((axis.low, axis.high), MOST_TICKS);
    let mut free = left - 8.0;
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let place = axis.at(*tick);
        canvas.line((place, bottom), (place, bottom + 3.0), HAIRLINE, AXIS);
        let half = text_width(&label, NUMBER) / 2.0;
        if place - half > free && place + half < right + 8.0 {
            let baseline = (place, bottom + 5.0 + NUMBER.em);
            canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
            free = place + half + 4.0;
        }
    }
}
