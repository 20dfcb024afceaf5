mod group;
mod layout;

use formbench_analysis::{Row, number::fixed};
use plotters::style::RGBColor;

use self::group::group;
use self::layout::Layout;
use super::axis::{Axis, log_ticks, tick_labels};
use super::frame;
use super::mark::look;
use crate::canvas::{Anchor, Canvas, text_width};
use crate::theme::{AXIS, BAND, GRID, GROUP, HAIRLINE, LINE, MARGIN, NUMBER, QUIET_INK, WIDTH};
use crate::{FigureTable, ReportError};

/// Grid lines at most.
const MOST_TICKS: usize = 7;
/// Height from which ticks are labelled above the rows too.
const TALL: f64 = 500.0;

/// How a forest plot differs from another.
pub(crate) struct ForestStyle {
    /// What the axis says, below the question.
    pub(crate) subtitle: String,
    pub(crate) scale: Scale,
    /// Colour of a group's rule, where it has one.
    pub(crate) group_colour: fn(&str) -> Option<RGBColor>,
    /// Whether all rows of a group share its line, however few there are.
    pub(crate) crowded: bool,
    /// Whether a row shows nothing that could be told from chance.
    pub(crate) greyed: fn(&Row) -> bool,
    /// Whether each row is a step from the one before it, the first from the reference.
    pub(crate) stepped: bool,
}

/// How values become places.
#[derive(Clone, Copy)]
pub(crate) enum Scale {
    /// Over what the rows need.
    Log {
        /// The value of no difference, drawn as a line.
        reference: Option<f64>,
    },
    /// Over a range of its own.
    Linear {
        range: (f64, f64),
        /// The value of no difference, drawn as a line.
        reference: f64,
    },
}

impl Scale {
    fn reference(self) -> Option<f64> {
        match self {
            Self::Log { reference } => reference,
            Self::Linear { reference, .. } => Some(reference),
        }
    }
}

/// Returns a forest plot: one row per estimate, grouped, with mark, interval and numbers; where
/// there are many, without the numbers, and as many rows in a group's line as there are series.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn forest(table: &FigureTable, style: &ForestStyle) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, &style.subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        let layout = Layout::new(table, style);
        if layout.crowded {
            let entries =
                table.series().into_iter().map(|series| (series.label.clone(), look(&series)));
            frame::legend(&mut canvas, &entries.collect::<Vec<_>>(), false);
        }
        heads(&mut canvas, table, &layout);
        rows(&mut canvas, table, &layout, style);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

fn rows(canvas: &mut Canvas, table: &FigureTable, layout: &Layout, style: &ForestStyle) {
    let ticks = ticks(&layout.axis, style.scale);
    let blocks = layout.blocks(table);
    let height = blocks.last().map_or(0.0, |block| block.bottom);
    if height > TALL {
        canvas.height += NUMBER.em + 6.0;
        tick_texts(canvas, &layout.axis, &ticks, canvas.height - 5.0);
    }
    let top = canvas.height;
    for block in blocks.iter().filter(|block| block.is_summary()) {
        band(canvas, (top + block.top, top + block.bottom));
    }
    let bottom = top + height;
    grid(canvas, &layout.axis, style, &ticks, (top, bottom));
    for block in &blocks {
        let edges = (top + block.top, top + block.bottom);
        if block.rows.is_empty() {
            section(canvas, block.name, edges.1);
        } else {
            group(canvas, block, edges, layout, style);
        }
    }
    tick_texts(canvas, &layout.axis, &ticks, bottom + 4.0 + NUMBER.em);
    canvas.height = bottom + 18.0;
}

fn heads(canvas: &mut Canvas, table: &FigureTable, layout: &Layout) {
    let Some(numbers) = layout.numbers else {
        return;
    };
    let y = canvas.height + NUMBER.em;
    let head = layout::numbers_head(table);
    canvas.text((numbers, y), &head, NUMBER, Anchor::End, QUIET_INK);
    if let Some(counts) = layout.counts {
        canvas.text((counts, y), layout::COUNTS_HEAD, NUMBER, Anchor::End, QUIET_INK);
    }
    canvas.height = y + 6.0;
}

/// Returns where lines cross the rows, with their labels.
fn ticks(axis: &Axis, scale: Scale) -> Vec<(f64, String)> {
    match scale {
        Scale::Log { .. } => {
            let ticks = log_ticks((axis.low, axis.high), MOST_TICKS);
            let labels = tick_labels(&ticks);
            ticks.into_iter().zip(labels).collect()
        }
        Scale::Linear { range: (low, high), .. } => {
            let quarter = |at: u32| low + (high - low) * f64::from(at) / 4.0;
            let decimals = i32::from(high - low < 10.0);
            (0..=4).map(|at| (quarter(at), fixed(quarter(at), decimals))).collect()
        }
    }
}

fn grid(
    canvas: &mut Canvas,
    axis: &Axis,
    style: &ForestStyle,
    ticks: &[(f64, String)],
    (top, bottom): (f64, f64),
) {
    for (tick, _) in ticks {
        let x = axis.at(*tick);
        canvas.line((x, top), (x, bottom), HAIRLINE, GRID);
    }
    if let Some(reference) = style.scale.reference() {
        let x = axis.at(reference);
        canvas.line((x, top), (x, bottom), LINE, AXIS);
    }
    canvas.line((axis.at(axis.low), bottom), (axis.at(axis.high), bottom), HAIRLINE, AXIS);
}

/// Says what ticks are; a label that would touch the one before it is left out.
fn tick_texts(canvas: &mut Canvas, axis: &Axis, ticks: &[(f64, String)], baseline: f64) {
    let mut free = f64::NEG_INFINITY;
    for (tick, label) in ticks {
        let x = axis.at(*tick);
        let half = text_width(label, NUMBER) / 2.0;
        if x - half > free {
            canvas.text((x, baseline), label, NUMBER, Anchor::Middle, QUIET_INK);
            free = x + half + 4.0;
        }
    }
}

fn band(canvas: &mut Canvas, (top, bottom): (f64, f64)) {
    let (left, right) = (MARGIN, WIDTH - MARGIN);
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    canvas.polygon(corners, BAND);
}

fn section(canvas: &mut Canvas, name: &str, bottom: f64) {
    let baseline = (MARGIN, bottom - 6.0);
    canvas.text(baseline, name, GROUP, Anchor::Start, QUIET_INK);
    canvas.line((MARGIN, bottom), (WIDTH - MARGIN, bottom), HAIRLINE, AXIS);
}
