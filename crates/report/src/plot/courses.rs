use std::collections::BTreeSet;

use formbench_analysis::{AxisValue, Row};

use super::axis::{Axis, extent};
use super::frame;
use super::grid::{Frame, Grid, YRange};
use super::mark::{Along, halo, mark, whisker};
use super::panels::aside;
use crate::canvas::{Anchor, Canvas, Point, fitted, text_width, widest};
use crate::figure_table::Group;
use crate::theme::{
    AXIS, BAND, BAR, FOOTNOTE, GUIDE, HAIRLINE, INK, LINE, MARK, MarkerStyle, NUMBER, QUIET_INK,
    engine_marker,
};
use crate::{FigureTable, ReportError};

/// A panel's height between its axes.
const HEIGHT: f64 = 210.0;
/// White between a panel's edge and its first place.
const ASIDE: f64 = 16.0;
/// White between the last mark and its name.
const GUTTER: f64 = 8.0;
/// Share of a panel's width that names take at most.
const MOST_NAMES: f64 = 0.45;
/// From one name to the next, at least.
const LEADING: f64 = 1.2 * FOOTNOTE.em;
/// Grey lines at most; more are a band.
const MOST_LINES: usize = 8;

/// How small multiples of courses differ from others.
pub(crate) struct CourseStyle {
    /// What the axes say, below the question.
    pub(crate) subtitle: String,
    /// What x says, below the lowest panels.
    pub(crate) x_title: &'static str,
    /// The panels, each of a section of the table, in its order.
    pub(crate) panels: Vec<CoursePanel>,
}

/// One panel.
pub(crate) struct CoursePanel {
    /// Its section.
    pub(crate) section: String,
    /// Registry name of the engine, whose colour stands out in it.
    pub(crate) engine: String,
    /// What the places along x are called; a row's x is the number of its place, from 0.
    pub(crate) places: Vec<String>,
    /// The groups that stand out.
    pub(crate) changed: BTreeSet<String>,
}

/// Returns small multiples: a line per group over named places, from 1. Groups that changed are drawn in their engine's
/// colour, with intervals, and are named; the others are grey, a band and its median where there are many.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn courses(table: &FigureTable, style: &CourseStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        let names: Vec<&str> = style.panels.iter().map(|panel| panel.section.as_str()).collect();
        let range = YRange::Log(shown(table, style));
        let grid = Grid::new(&names, HEIGHT, range, canvas.height);
        for (at, panel) in style.panels.iter().enumerate() {
            let colour = panel.look(0).colour;
            grid.draw(&mut canvas, at, &panel.section, Some(colour));
            draw(&mut canvas, &grid, at, panel, table);
        }
        grid.close(&mut canvas, style.x_title);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

/// Returns what y shows: every value, and the intervals that are drawn.
fn shown(table: &FigureTable, style: &CourseStyle) -> (f64, f64) {
    let stands_out = |row: &Row| {
        let panels =
            style.panels.iter().filter(|panel| Some(&panel.section) == row.section.as_ref());
        panels.into_iter().any(|panel| panel.changed.contains(&row.group))
    };
    let estimate = |row: &Row| match stands_out(row) {
        true => [row.value, row.low, row.high],
        false => [row.value; 3],
    };
    let estimates: Vec<_> = table.rows.iter().map(estimate).collect();
    extent(estimates.into_iter(), Some(1.0))
}

impl CoursePanel {
    /// Returns the style of the `at`-th group that stands out.
    fn look(&self, at: usize) -> MarkerStyle {
        engine_marker(&self.engine, at)
    }
}

fn draw(canvas: &mut Canvas, grid: &Grid, at: usize, panel: &CoursePanel, table: &FigureTable) {
    let sections = table.sections();
    let groups = sections.into_iter().find(|(name, _)| *name == panel.section);
    let groups = groups.map(|(_, groups)| groups).unwrap_or_default();
    let (changed, still): (Vec<Group<'_>>, Vec<Group<'_>>) =
        groups.into_iter().partition(|(name, _)| panel.changed.contains(*name));
    let place = grid.place(at);
    let room = names_room(&changed, place);
    let (x, y) = (x_axis(panel, place, room), grid.y(place));
    if still.len() > MOST_LINES {
        band(canvas, (&x, &y), &still, panel.places.len());
    } else {
        for (_, rows) in &still {
            line(canvas, &points((&x, &y), rows, 0.0), LINE, GUIDE);
        }
    }
    canvas.line((place[0], y.at(1.0)), (place[2], y.at(1.0)), HAIRLINE, AXIS);
    x_ticks(canvas, &x, panel, place);
    for (at, (_, rows)) in changed.iter().enumerate() {
        let right = aside(at, changed.len());
        course(canvas, (&x, &y), rows, panel.look(at), right);
    }
    names(canvas, (&x, &y), &changed, place);
}

/// Returns how much of a panel's width names need, with the white before them.
fn names_room(changed: &[Group<'_>], [left, _, right, _]: Frame) -> f64 {
    if changed.is_empty() {
        return ASIDE;
    }
    let names = widest(changed.iter().map(|(name, _)| *name), FOOTNOTE);
    GUTTER + MARK + names.min(MOST_NAMES * (right - left))
}

fn x_axis(panel: &CoursePanel, [left, _, right, _]: Frame, room: f64) -> Axis {
    let last = panel.places.len().saturating_sub(1) as f64;
    Axis::linear((0.0, last), (left + ASIDE, right - room))
}

/// Says what places are; a label that would touch the one before it is left out.
fn x_ticks(canvas: &mut Canvas, x: &Axis, panel: &CoursePanel, [left, _, right, bottom]: Frame) {
    let mut free = left - ASIDE / 2.0;
    for (at, label) in panel.places.iter().enumerate() {
        let place = x.at(at as f64);
        canvas.line((place, bottom), (place, bottom + 3.0), HAIRLINE, AXIS);
        let half = text_width(label, NUMBER) / 2.0;
        // The last one stays within the panel.
        let middle = place.max(free + half).min(right + ASIDE / 2.0 - half);
        if middle - half >= free && (middle - place).abs() < half {
            let baseline = (middle, bottom + 5.0 + NUMBER.em);
            canvas.text(baseline, label, NUMBER, Anchor::Middle, QUIET_INK);
            free = middle + half + 6.0;
        }
    }
}

/// Returns where the rows of a course are.
fn points((x, y): (&Axis, &Axis), rows: &[&Row], right: f64) -> Vec<Point> {
    let number = |row: &Row| row.x.map_or(0.0, AxisValue::value);
    rows.iter().map(|row| (x.at(number(row)) + right, y.at(row.value))).collect()
}

fn line(canvas: &mut Canvas, points: &[Point], width: f64, colour: plotters::style::RGBColor) {
    for pair in points.windows(2) {
        canvas.line(pair[0], pair[1], width, colour);
    }
}

/// Draws a course that stands out, with its intervals.
fn course(
    canvas: &mut Canvas,
    (x, y): (&Axis, &Axis),
    rows: &[&Row],
    look: MarkerStyle,
    right: f64,
) {
    let points = points((x, y), rows, right);
    line(canvas, &points, LINE, look.colour);
    // The first place is 1 by definition.
    let marked = || rows.iter().zip(&points).filter(|(row, _)| row.has_interval());
    for (_, point) in marked() {
        halo(canvas, *point, look);
    }
    for (row, point) in marked() {
        whisker(canvas, y, Along::Y(point.0), (row.low, row.high), BAR, look.colour);
        mark(canvas, *point, look.hollow_if(row.is_doubtful()));
    }
}

/// Draws what lies between the least and the most of many courses at each place, and their median.
fn band(canvas: &mut Canvas, (x, y): (&Axis, &Axis), groups: &[Group<'_>], places: usize) {
    let (mut upper, mut lower, mut middle) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..places {
        let here = |row: &&&Row| row.x.is_some_and(|x| x.value() == at as f64);
        let rows = groups.iter().flat_map(|(_, rows)| rows.iter().filter(here));
        let mut values: Vec<f64> = rows.map(|row| row.value).collect();
        values.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (values.first(), values.last()) {
            let place = x.at(at as f64);
            upper.push((place, y.at(*most)));
            lower.push((place, y.at(*least)));
            middle.push((place, y.at(values[values.len() / 2])));
        }
    }
    canvas.polygon(upper.iter().chain(lower.iter().rev()).copied().collect(), BAND);
    for (edge, width) in [(upper, HAIRLINE), (lower, HAIRLINE), (middle, LINE)] {
        line(canvas, &edge, width, GUIDE);
    }
}

/// Names courses beside their last marks, one below the other; of more than there is room for, those that end farthest
/// from 1.
fn names(canvas: &mut Canvas, (x, y): (&Axis, &Axis), changed: &[Group<'_>], place: Frame) {
    let [_, top, right, bottom] = place;
    let end = |group: &Group<'_>| group.1.last().map_or(1.0, |row| row.value);
    let mut named: Vec<&Group<'_>> = changed.iter().collect();
    named.sort_by(|a, b| end(b).ln().abs().total_cmp(&end(a).ln().abs()));
    named.truncate(((bottom - top) / LEADING) as usize);
    named.sort_by(|a, b| end(b).total_cmp(&end(a)));
    let wanted: Vec<f64> = named.iter().map(|group| y.at(end(group))).collect();
    let start = x.at(x.high) + MARK + GUTTER;
    for ((name, _), middle) in named.iter().zip(spread(&wanted, (top, bottom))) {
        let name = fitted(name, FOOTNOTE, right - start);
        canvas.text((start, middle + 0.36 * FOOTNOTE.em), &name, FOOTNOTE, Anchor::Start, INK);
    }
}

/// Returns ascending places near those wanted, a line's height apart, between bounds that have room for them.
fn spread(wanted: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let half = LEADING / 2.0;
    let mut free = top + half;
    let mut places: Vec<f64> = Vec::new();
    for place in wanted {
        let place = place.max(free);
        places.push(place);
        free = place + LEADING;
    }
    let mut most = bottom - half;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - LEADING;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_apart_and_within_bounds() {
        let height = 10.0 * LEADING;
        let crowded = spread(&[height, height, height], (0.0, height));
        let last = height - LEADING / 2.0;
        for (got, expected) in crowded.iter().zip([last - 2.0 * LEADING, last - LEADING, last]) {
            assert!((got - expected).abs() < 1e-9, "{crowded:?}");
        }
        assert_eq!(spread(&[50.0, 90.0], (0.0, 200.0)), [50.0, 90.0]);
        assert_eq!(spread(&[], (0.0, 200.0)), [0.0; 0]);
    }
}
