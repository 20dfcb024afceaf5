use super::axis::{Axis, linear_ticks, tick_labels};
use super::frame;
use super::mark::{Along, whisker};
use crate::canvas::{Anchor, Canvas, widest};
use crate::theme::{
    AXIS, BAR, GAIN, GRID, HAIRLINE, INK, LABEL, MARGIN, NUMBER, QUIET_INK, WIDTH, tint,
};
use crate::{FigureTable, ReportError};

/// Height of a row, and of its bar.
const ROW: f64 = 19.0;
const THICKNESS: f64 = 11.0;
/// White between columns.
const GUTTER: f64 = 14.0;
/// How dark a bar is.
const SHADE: f64 = 0.55;
/// Lines across the bars at most.
const MOST_TICKS: usize = 7;

/// A value from 0, with its interval if it has one.
pub(crate) struct Bar {
    pub(crate) name: String,
    /// Value and both ends of its interval.
    pub(crate) estimate: [f64; 3],
    /// What stands beside it.
    pub(crate) text: String,
}

/// Returns bars below each other, from 0, with their names and texts.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn bars(
    table: &FigureTable,
    subtitle: &str,
    shown: &[Bar],
) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    let names = widest(shown.iter().map(|bar| bar.name.as_str()), LABEL);
    let texts = widest(shown.iter().map(|bar| bar.text.as_str()), NUMBER);
    let most = shown.iter().map(|bar| bar.estimate[2]).fold(1.0, f64::max);
    let ends = (MARGIN + names + GUTTER, WIDTH - MARGIN - texts - GUTTER);
    let axis = Axis::linear((0.0, most), ends);
    let top = canvas.height + 4.0;
    let bottom = top + ROW * shown.len() as f64;
    let ticks = linear_ticks((0.0, most), MOST_TICKS);
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let x = axis.at(*tick);
        canvas.line((x, top), (x, bottom), HAIRLINE, GRID);
        let baseline = (x, bottom + 4.0 + NUMBER.em);
        canvas.text(baseline, &label, NUMBER, Anchor::Middle, QUIET_INK);
    }
    for (at, bar) in shown.iter().enumerate() {
        row(&mut canvas, &axis, bar, top + ROW * (at as f64 + 0.5));
    }
    canvas.line((ends.0, top), (ends.0, bottom), HAIRLINE, AXIS);
    canvas.height = bottom + 20.0;
    frame::close(&mut canvas, table);
    Ok(canvas)
}

fn row(canvas: &mut Canvas, axis: &Axis, bar: &Bar, middle: f64) {
    let [value, low, high] = bar.estimate;
    let (left, right) = (axis.at(0.0), axis.at(value));
    let (top, bottom) = (middle - THICKNESS / 2.0, middle + THICKNESS / 2.0);
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    canvas.polygon(corners, tint(GAIN, SHADE));
    if low < high {
        whisker(canvas, axis, Along::AxisValue(middle), (low, high), BAR, INK);
    }
    let y = middle + 0.36 * LABEL.em;
    canvas.text((MARGIN, y), &bar.name, LABEL, Anchor::Start, INK);
    canvas.text((WIDTH - MARGIN, y), &bar.text, NUMBER, Anchor::End, INK);
}
