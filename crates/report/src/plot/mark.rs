use formbench_analysis::Series;
use plotters::style::RGBColor;

use super::axis::Axis;
use crate::canvas::{Canvas, Point};
use crate::theme::{self, MARK, MarkerStyle, Outline, PAPER};

/// White around a mark.
const HALO: f64 = 1.0;
/// Coloured rim of an open mark.
const RIM: f64 = 1.4;
/// Share of a mark's radius that a hole has.
const HOLE: f64 = 0.45;

/// Returns the style of a series.
pub(crate) fn look(series: &Series) -> MarkerStyle {
    theme::engine_marker(&series.engine, series.variant)
}

/// Returns the style of the first series of its engine.
pub(crate) fn first_look(series: &Series) -> MarkerStyle {
    theme::engine_marker(&series.engine, 0)
}

/// Clears the place of a mark of what crosses it.
pub(crate) fn halo(canvas: &mut Canvas, centre: Point, look: MarkerStyle) {
    shape(canvas, centre, look.outline, MARK + HALO, PAPER);
}

/// Draws a mark.
pub(crate) fn mark(canvas: &mut Canvas, centre: Point, look: MarkerStyle) {
    sized_mark(canvas, centre, look, MARK);
}

/// Draws a mark of a radius.
pub(crate) fn sized_mark(canvas: &mut Canvas, centre: Point, look: MarkerStyle, radius: f64) {
    shape(canvas, centre, look.outline, radius, look.colour);
    if !look.filled {
        shape(canvas, centre, look.outline, radius - RIM, PAPER);
    }
}

/// Draws a hole into a mark of a radius where open marks mean something else: its number deserves doubt.
pub(crate) fn hole(canvas: &mut Canvas, centre: Point, look: MarkerStyle, radius: f64) {
    let colour = if look.filled { PAPER } else { look.colour };
    canvas.disc(centre, HOLE * radius, colour);
}

fn shape(canvas: &mut Canvas, centre: Point, outline: Outline, radius: f64, colour: RGBColor) {
    // Radii that make equal areas.
    let (corners, turn, radius) = match outline {
        Outline::Circle => return canvas.disc(centre, radius, colour),
        Outline::Plus => return bars(canvas, centre, [0.0, 0.25], radius, colour),
        Outline::Cross => return bars(canvas, centre, [0.125, 0.375], radius, colour),
        Outline::Star => return bars(canvas, centre, [0.0, 1.0 / 6.0, 1.0 / 3.0], radius, colour),
        Outline::Square => (4, 0.125, 1.25 * radius),
        Outline::Diamond => (4, 0.0, 1.3 * radius),
        Outline::Up => (3, 0.75, 1.4 * radius),
        Outline::Down => (3, 0.25, 1.4 * radius),
        Outline::Hexagon => (6, 0.0, 1.1 * radius),
        Outline::Right => (3, 0.0, 1.4 * radius),
        Outline::Left => (3, 0.5, 1.4 * radius),
    };
    let corner = |at: u32| along(centre, f64::from(at) / f64::from(corners) + turn, radius);
    canvas.polygon((0..corners).map(corner).collect(), colour);
}

/// Draws bars across a centre, at shares of a turn.
fn bars<const N: usize>(
    canvas: &mut Canvas,
    centre: Point,
    turns: [f64; N],
    radius: f64,
    colour: RGBColor,
) {
    for turn in turns {
        let corner = |end: f64, side: f64| {
            let end = along(centre, turn, 1.25 * end * radius);
            along(end, turn + 0.25, 0.2 * side * radius)
        };
        let corners = [corner(1.0, 1.0), corner(1.0, -1.0), corner(-1.0, -1.0), corner(-1.0, 1.0)];
        canvas.polygon(corners.to_vec(), colour);
    }
}

/// Returns the place so far from another in a direction, a share of a turn.
fn along((x, y): Point, turn: f64, distance: f64) -> Point {
    let (sine, cosine) = (turn * std::f64::consts::TAU).sin_cos();
    (x + distance * cosine, y + distance * sine)
}

/// Which way an axis runs.
#[derive(Clone, Copy)]
pub(crate) enum Along {
    /// Values run along x, and this is y.
    AxisValue(f64),
    /// Values run along y, and this is x.
    Y(f64),
}

/// Draws an interval: ends with a bar of a half-width where it ends, with an arrow where it leaves
/// the axis.
pub(crate) fn whisker(
    canvas: &mut Canvas,
    axis: &Axis,
    along: Along,
    (low, high): (f64, f64),
    half_bar: f64,
    colour: RGBColor,
) {
    let place = |along_axis: f64, across: f64| match along {
        Along::AxisValue(y) => (along_axis, y + across),
        Along::Y(x) => (x + across, along_axis),
    };
    let (from, to) = (axis.at(low), axis.at(high));
    canvas.line(place(from, 0.0), place(to, 0.0), theme::LINE, colour);
    for (end, leaves, away) in
        [(from, low < axis.low, from - to), (to, high > axis.high, to - from)]
    {
        if leaves {
            let back = end - 5.0 * away.signum();
            let half = half_bar + 0.5;
            let corners = vec![place(end, 0.0), place(back, -half), place(back, half)];
            canvas.polygon(corners, colour);
        } else {
            canvas.line(place(end, -half_bar), place(end, half_bar), theme::LINE, colour);
        }
    }
}
