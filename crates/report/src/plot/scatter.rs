use formbench_analysis::{AxisValue, Row};
use plotters::style::RGBColor;

use super::axis::{Axis, extent, log_ticks, tick_labels};
use super::frame;
use super::grid::{Frame, Grid, YRange};
use super::guide::Guide;
use super::mark::{hole, sized_mark};
use super::name::{Named, names};
use crate::canvas::{Anchor, Canvas, text_width};
use crate::theme::{
    AXIS, GRID, HAIRLINE, LINE, MarkerStyle, NUMBER, Outline, QUIET_INK, SMALL_MARK,
};
use crate::{FigureTable, ReportError};

/// A panel's height between its axes.
const HEIGHT: f64 = 175.0;
/// Lines across x at most.
const MOST_TICKS: usize = 6;

/// What y says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YScale {
    /// Logarithmic, over what the rows need.
    Log,
    /// Linear, likewise.
    Linear,
    /// From 0 to 100.
    Percent,
}

/// How a scatter differs from another.
pub(crate) struct ScatterStyle {
    /// What the axes say, below the question.
    pub(crate) subtitle: String,
    /// What x says, below the lowest panels.
    pub(crate) x_title: &'static str,
    /// What a row's x is divided by on the axis.
    pub(crate) x_unit: f64,
    /// How values become heights.
    pub(crate) y: YScale,
    /// The panels: names with the colours of their rules, in order.
    pub(crate) panels: Vec<(String, Option<RGBColor>)>,
    /// Name of the panel that a row is in.
    pub(crate) panel: fn(&Row) -> &str,
    /// The entries of the legend.
    pub(crate) legend: Vec<(String, MarkerStyle)>,
    /// Style of a row's mark.
    pub(crate) look: fn(&Row) -> MarkerStyle,
    /// What networks' marks are compared in: the farthest from the middle one are named; nothing of one that never is.
    pub(crate) rank: fn(&Row) -> Option<f64>,
    /// Lines behind the marks of every panel, in the axes' values.
    pub(crate) guides: Vec<Guide>,
    /// Whether both axes show one range.
    pub(crate) square: bool,
}

/// Returns small multiples: a mark per row, axes shared by all panels, x logarithmic.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn scatter(table: &FigureTable, style: &ScatterStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        frame::legend(&mut canvas, &style.legend, false);
        let estimates = table.rows.iter().map(|row| [row.value, row.low, row.high]);
        let x_values = table.rows.iter().map(|row| [style.x(row); 3]);
        let (x_range, y_extent) = if style.square {
            let both = extent(estimates.chain(x_values), None);
            (both, both)
        } else {
            (extent(x_values, None), extent(estimates, None))
        };
        let y_range = match style.y {
            YScale::Log => YRange::Log(y_extent),
            YScale::Linear => YRange::Linear(y_extent),
            YScale::Percent => YRange::Percent,
        };
        let names: Vec<&str> = style.panels.iter().map(|(name, _)| name.as_str()).collect();
        let grid = Grid::new(&names, HEIGHT, y_range, canvas.height);
        for (at, (name, colour)) in style.panels.iter().enumerate() {
            grid.draw(&mut canvas, at, name, *colour);
            let place = grid.place(at);
            let axes = (Axis::log(x_range, (place[0], place[2])), grid.y(place));
            let rows = table.rows.iter().filter(|row| (style.panel)(row) == name);
            panel(&mut canvas, place, axes, style, rows);
        }
        grid.close(&mut canvas, style.x_title);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

impl ScatterStyle {
    fn x(&self, row: &Row) -> f64 {
        row.x.map_or(1.0, AxisValue::value) / self.x_unit
    }

    /// Returns where a row is drawn.
    fn place(&self, axis: &Axis, row: &Row) -> f64 {
        axis.at(self.x(row))
    }
}

fn panel<'a>(
    canvas: &mut Canvas,
    place: Frame,
    (x_axis, y_axis): (Axis, Axis),
    style: &ScatterStyle,
    rows: impl Iterator<Item = &'a Row> + Clone,
) {
    x_ticks(canvas, &x_axis, place);
    let around = |row: &Row| {
        let (x, y) = (style.place(&x_axis, row), y_axis.at(row.value));
        [x - SMALL_MARK, y - SMALL_MARK, x + SMALL_MARK, y + SMALL_MARK]
    };
    let along = |row: &Row| {
        let x = style.place(&x_axis, row);
        [x - LINE, y_axis.at(row.high), x + LINE, y_axis.at(row.low)]
    };
    let mut taken: Vec<_> = rows.clone().flat_map(|row| [around(row), along(row)]).collect();
    for guide in &style.guides {
        guide.draw(canvas, (&x_axis, &y_axis), &mut taken);
    }
    for row in rows.clone() {
        let place = style.place(&x_axis, row);
        let ends = [row.low, row.high].map(|end| (place, y_axis.at(end)));
        canvas.line(ends[0], ends[1], LINE, (style.look)(row).colour);
    }
    let centre = |row: &Row| (style.place(&x_axis, row), y_axis.at(row.value));
    for row in rows.clone() {
        let look = (style.look)(row);
        match look.outline {
            // These have no room for a hole.
            Outline::Plus | Outline::Cross | Outline::Star if row.is_doubtful() => {
                sized_mark(canvas, centre(row), MarkerStyle { colour: AXIS, ..look }, SMALL_MARK);
            }
            _ => {
                sized_mark(canvas, centre(row), look, SMALL_MARK);
                if row.is_doubtful() {
                    hole(canvas, centre(row), look, SMALL_MARK);
                }
            }
        }
    }
    let networks = rows.filter(|row| row.origin().is_some());
    let named = networks.filter_map(|row| {
        let name = &row.architecture.as_ref()?.label;
        Some(Named { centre: centre(row), name, rank: (style.rank)(row)? })
    });
    names(canvas, named.collect(), place, &mut taken);
}

fn x_ticks(canvas: &mut Canvas, axis: &Axis, [left, top, right, bottom]: Frame) {
    let ticks = log_ticks((axis.low, axis.high), MOST_TICKS);
    let mut free = left - 8.0;
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let place = axis.at(*tick);
        canvas.line((place, top), (place, bottom), HAIRLINE, GRID);
        canvas.line((place, bottom), (place, bottom + 3.0), HAIRLINE, AXIS);
        let half = text_width(&label, NUMBER) / 2.0;
        if place - half > free && place + half < right + 8.0 {
            let baseline = (place, bottom + 5.0 + NUMBER.em);
            canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
            free = place + half + 4.0;
        }
    }
}
