use plotters::style::RGBColor;

use super::axis::{Axis, extent, log_ticks, tick_labels};
use super::frame;
use super::grid::split;
use super::mark::{Along, sized_mark, whisker};
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::theme::{
    self, AXIS, FOOTNOTE, GRID, GROUP, HAIRLINE, INK, LABEL, LINE, MARGIN, MarkerStyle, NUMBER,
    QUIET_INK, SMALL_MARK, TINY_BAR, TINY_MARK, WIDTH, tint,
};
use crate::{FigureTable, ReportError};

/// Panels side by side at most.
const MOST_ACROSS: usize = 4;
/// Share of the width that names take at most.
const MOST_NAMES: f64 = 0.38;
/// White between names, panels and rows of panels.
const GUTTER: f64 = 14.0;
/// Height of a row with one mark, of each further mark, and white above and below.
const ROW: f64 = 13.0;
const SLOT: f64 = 4.2;
const PADDING: f64 = 4.5;
/// Height of a band, and how dark it is.
const BAND: f64 = 7.0;
const SHADE: f64 = 0.35;
/// Room for the rule in front of a panel's name.
const RULE: f64 = 13.0;
/// Room for the options of an engine below its name.
const OPTIONS: f64 = 12.0;
/// Lines across a panel at most.
const MOST_TICKS: usize = 5;

/// Rows of names, and what each shows in each of several panels.
pub(crate) struct Lanes {
    /// Names of the panels, with the colours of their rules.
    pub(crate) panels: Vec<(String, RGBColor)>,
    /// Names of the rows, each with a lane per panel, if it has one there.
    pub(crate) rows: Vec<(String, Vec<Option<Lane>>)>,
    /// Marks that a lane may have.
    pub(crate) slots: usize,
}

/// What a row shows in a panel.
pub(crate) enum Lane {
    /// A mark with its interval for each of few.
    Marks(Vec<LaneMark>),
    /// The middle of many, what tenths of them leave out, and the least and the largest.
    Band { middle: f64, tenths: [f64; 2], range: [f64; 2] },
}

/// One mark of a lane.
pub(crate) struct LaneMark {
    /// Value and both ends of its interval.
    pub(crate) estimate: [f64; 3],
    pub(crate) look: MarkerStyle,
    /// Its height within the lane.
    pub(crate) slot: usize,
}

/// Where things are.
struct Layout {
    names: f64,
    left: f64,
    panel: f64,
    row: f64,
    has_bands: bool,
    /// Least and largest value of the axis.
    range: (f64, f64),
}

/// Returns panels side by side that share their rows and a logarithmic axis.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn lanes(
    table: &FigureTable,
    subtitle: &str,
    legend: &[(String, MarkerStyle)],
    shown: &Lanes,
) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    frame::legend(&mut canvas, legend, false);
    let layout = Layout::of(shown);
    let tiers = shown.panels.len().div_ceil(MOST_ACROSS).max(1);
    let across = shown.panels.len().div_ceil(tiers);
    for first in (0..shown.panels.len()).step_by(across.max(1)) {
        let last = (first + across).min(shown.panels.len());
        tier(&mut canvas, &layout, shown, first..last);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

impl Layout {
    fn of(shown: &Lanes) -> Self {
        let names = widest(shown.rows.iter().map(|(name, _)| name.as_str()), LABEL);
        let names = names.min(MOST_NAMES * WIDTH);
        let left = MARGIN + names + GUTTER;
        let across = shown.panels.len().div_ceil(shown.panels.len().div_ceil(MOST_ACROSS).max(1));
        let room = WIDTH - MARGIN - left + GUTTER;
        let lanes = shown.rows.iter().flat_map(|(_, lanes)| lanes.iter().flatten());
        let has_bands = lanes.clone().any(|lane| matches!(lane, Lane::Band { .. }));
        let of_marks = SLOT * shown.slots.saturating_sub(1) as f64 + 2.0 * PADDING;
        let estimates: Vec<[f64; 3]> = lanes.flat_map(Lane::estimates).collect();
        Self {
            names,
            left,
            panel: room / across.max(1) as f64 - GUTTER,
            has_bands,
            row: if has_bands { ROW } else { of_marks.max(ROW) },
            range: extent(estimates.iter().copied(), Some(1.0)),
        }
    }

    fn axis(&self, at: usize) -> Axis {
        let left = self.left + at as f64 * (self.panel + GUTTER);
        Axis::log(self.range, (left, left + self.panel))
    }
}

impl Lane {
    fn estimates(&self) -> Vec<[f64; 3]> {
        match self {
            Self::Marks(marks) => marks.iter().map(|mark| mark.estimate).collect(),
            Self::Band { middle, range: [low, high], .. } => vec![[*middle, *low, *high]],
        }
    }
}

/// Draws some panels side by side.
fn tier(canvas: &mut Canvas, layout: &Layout, shown: &Lanes, panels: std::ops::Range<usize>) {
    let y = heads(canvas, layout, &shown.panels[panels.clone()]);
    let top = y + 7.0;
    let is_there = |row: &&(String, Vec<Option<Lane>>)| {
        panels.clone().any(|panel| row.1.get(panel).is_some_and(Option::is_some))
    };
    let rows: Vec<_> = shown.rows.iter().filter(is_there).collect();
    let bottom = top + layout.row * rows.len() as f64;
    for at in (0..rows.len()).skip(1).step_by(2) {
        let (top, bottom) = (top + layout.row * at as f64, top + layout.row * (at + 1) as f64);
        let (left, right) = (MARGIN - 4.0, WIDTH - MARGIN + 4.0);
        let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        canvas.polygon(corners, theme::BAND);
    }
    for at in 0..panels.len() {
        grid(canvas, &layout.axis(at), (top, bottom));
    }
    for (at, (name, lanes)) in rows.into_iter().enumerate() {
        let middle = top + layout.row * (at as f64 + 0.5);
        let name = fitted(name, LABEL, layout.names);
        let baseline = (MARGIN, middle + 0.36 * LABEL.em);
        canvas.text(baseline, &name, LABEL, Anchor::Start, INK);
        for (place, panel) in panels.clone().enumerate() {
            if let Some(lane) = &lanes[panel] {
                let colour = shown.panels[panel].1;
                draw(canvas, &layout.axis(place), lane, (middle, shown.slots, colour));
            }
        }
    }
    canvas.height = bottom + 26.0;
}

/// Draws the names of panels, options below them where they do not fit beside them; returns where the last line stands.
fn heads(canvas: &mut Canvas, layout: &Layout, panels: &[(String, RGBColor)]) -> f64 {
    let first = canvas.height + GROUP.em;
    let mut last = first;
    for (at, (name, colour)) in panels.iter().enumerate() {
        let axis = layout.axis(at);
        let mut left = axis.at(axis.low);
        let mut room = layout.panel;
        // Where marks have colours of their own, a rule would be taken for one of them.
        if layout.has_bands {
            canvas.line((left, first - 4.0), (left + 8.0, first - 4.0), 3.0, *colour);
            left += RULE;
            room -= RULE;
        }
        let (name, options) = split(name, room);
        canvas.text((left, first), &fitted(name, GROUP, room), GROUP, Anchor::Start, INK);
        if let Some(options) = options {
            last = first + OPTIONS;
            let options = fitted(&options, FOOTNOTE, room);
            canvas.text((left, last), &options, FOOTNOTE, Anchor::Start, QUIET_INK);
        }
    }
    last
}

fn grid(canvas: &mut Canvas, axis: &Axis, (top, bottom): (f64, f64)) {
    let ticks = log_ticks((axis.low, axis.high), MOST_TICKS);
    let mut free = f64::NEG_INFINITY;
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
    let x = axis.at(1.0);
    canvas.line((x, top), (x, bottom), LINE, AXIS);
    canvas.line((axis.at(axis.low), bottom), (axis.at(axis.high), bottom), HAIRLINE, AXIS);
}

fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    lane: &Lane,
    (middle, slots, colour): (f64, usize, RGBColor),
) {
    match lane {
        Lane::Marks(marks) => {
            let first = middle - SLOT * slots.saturating_sub(1) as f64 / 2.0;
            for LaneMark { estimate: [value, low, high], look, slot } in marks {
                let y = first + SLOT * *slot as f64;
                if low < high {
                    let along = Along::AxisValue(y);
                    whisker(canvas, axis, along, (*low, *high), TINY_BAR, look.colour);
                }
                sized_mark(canvas, (axis.at(*value), y), *look, TINY_MARK);
            }
        }
        Lane::Band { middle: value, tenths, range } => {
            let [least, most] = range.map(|end| axis.at(end));
            canvas.line((least, middle), (most, middle), HAIRLINE, colour);
            let [left, right] = tenths.map(|end| axis.at(end));
            let (top, bottom) = (middle - BAND / 2.0, middle + BAND / 2.0);
            let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
            canvas.polygon(corners, tint(colour, SHADE));
            canvas.disc((axis.at(*value), middle), SMALL_MARK - 0.6, colour);
        }
    }
}
