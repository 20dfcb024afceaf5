use super::frame;
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::theme::{
    BAND, FOOTNOTE, GAIN, GROUP, INK, LABEL, LOSS, MARGIN, NUMBER, QUIET_INK, WIDTH, tint,
};
use crate::{FigureTable, ReportError};

/// Share of the width that names take at most.
const MOST_NAMES: f64 = 0.32;
/// White between names and panels, and between cells.
const GUTTER: f64 = 18.0;
const GAP: f64 = 1.5;
/// Width of a cell with a note, at least and at most, and of one without.
const NOTED: f64 = 47.0;
const MOST_NOTED: f64 = 66.0;
const PLAIN: f64 = 26.0;
const MOST_PLAIN: f64 = 34.0;
/// Height of a cell with a note, and without.
const NOTED_ROW: f64 = 30.0;
const ROW: f64 = 18.0;
/// How dark a shade is at most, so that ink stands out.
const MOST_SHADE: f64 = 0.62;

/// One square of numbers between each two of some names.
pub(crate) struct Matrix {
    /// What it is of.
    pub(crate) name: String,
    pub(crate) cells: Vec<MatrixCell>,
}

/// A number between two names.
pub(crate) struct MatrixCell {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) text: String,
    /// What stands below it where there is room; may be empty.
    pub(crate) note: String,
    /// How dark it is, from -1 to 1; quiet without a shade.
    pub(crate) shade: Option<f64>,
}

/// Where things are.
struct Layout {
    names: f64,
    left: f64,
    width: f64,
    height: f64,
    across: usize,
}

/// Returns squares side by side that share the names of their rows; columns are numbered as the rows are.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn matrices(
    table: &FigureTable,
    subtitle: &str,
    names: &[String],
    shown: &[Matrix],
) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    let names: Vec<String> =
        names.iter().zip(1..).map(|(name, number)| format!("{number}  {name}")).collect();
    let layout = Layout::of(&names, shown);
    for some in shown.chunks(layout.across) {
        tier(&mut canvas, &layout, &names, some);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

impl Layout {
    fn of(names: &[String], shown: &[Matrix]) -> Self {
        let widest = widest(names.iter().map(String::as_str), LABEL).min(MOST_NAMES * WIDTH);
        let left = MARGIN + widest + GUTTER;
        let room = WIDTH - MARGIN - left + GUTTER;
        let columns = names.len().max(1) as f64;
        let across = |width: f64| (room / (width * columns + GUTTER)) as usize;
        let mut cells = shown.iter().flat_map(|matrix| &matrix.cells);
        let has_notes = cells.any(|cell| !cell.note.is_empty()) && across(NOTED) > 0;
        let [least, most, height] =
            if has_notes { [NOTED, MOST_NOTED, NOTED_ROW] } else { [PLAIN, MOST_PLAIN, ROW] };
        let across = across(least).clamp(1, shown.len().max(1));
        let width = ((room / across as f64 - GUTTER) / columns).min(most);
        Self { names: widest, left, width, height, across }
    }
}

fn tier(canvas: &mut Canvas, layout: &Layout, names: &[String], shown: &[Matrix]) {
    let Layout { left, width, height, .. } = *layout;
    let head = canvas.height + GROUP.em;
    let numbers = head + 6.0 + NUMBER.em;
    let top = numbers + 5.0;
    for (at, name) in names.iter().enumerate() {
        let baseline = (MARGIN, top + height * (at as f64 + 0.5) + 0.36 * LABEL.em);
        let name = fitted(name, LABEL, layout.names);
        canvas.text(baseline, &name, LABEL, Anchor::Start, INK);
    }
    for (at, matrix) in shown.iter().enumerate() {
        let panel = width * names.len() as f64;
        let start = left + at as f64 * (panel + GUTTER);
        let name = fitted(&matrix.name, GROUP, panel.max(60.0));
        canvas.text((start, head), &name, GROUP, Anchor::Start, INK);
        for column in 0..names.len() {
            let middle = start + width * (column as f64 + 0.5);
            let number = (column + 1).to_string();
            canvas.text((middle, numbers), &number, NUMBER, Anchor::Middle, QUIET_INK);
            let corner = (start + width * column as f64, top + height * column as f64);
            square(canvas, corner, (width, height), BAND);
        }
        for one in &matrix.cells {
            let corner = (start + width * one.column as f64, top + height * one.row as f64);
            cell(canvas, one, corner, (width, height));
        }
    }
    canvas.height = top + height * names.len() as f64 + 12.0;
}

fn square(
    canvas: &mut Canvas,
    (left, top): (f64, f64),
    (width, height): (f64, f64),
    colour: plotters::style::RGBColor,
) {
    let (right, bottom) = (left + width - GAP, top + height - GAP);
    canvas.polygon(vec![(left, top), (right, top), (right, bottom), (left, bottom)], colour);
}

fn cell(canvas: &mut Canvas, one: &MatrixCell, corner: (f64, f64), size: (f64, f64)) {
    let (width, height) = size;
    let ink = match one.shade {
        Some(shade) => {
            let full = if shade >= 0.0 { GAIN } else { LOSS };
            square(canvas, corner, size, tint(full, shade.abs().min(1.0) * MOST_SHADE));
            INK
        }
        None => QUIET_INK,
    };
    let face = if width >= MOST_PLAIN { LABEL } else { FOOTNOTE };
    let middle = corner.0 + (width - GAP) / 2.0;
    let has_note = !one.note.is_empty() && text_width(&one.note, FOOTNOTE) < width - GAP;
    let y = if has_note {
        corner.1 + 1.1 * face.em
    } else {
        corner.1 + (height - GAP) / 2.0 + 0.36 * face.em
    };
    canvas.text((middle, y), &one.text, face, Anchor::Middle, ink);
    if has_note {
        let y = corner.1 + height - GAP - 0.4 * FOOTNOTE.em;
        canvas.text((middle, y), &one.note, FOOTNOTE, Anchor::Middle, ink);
    }
}
