use crate::canvas::{Anchor, Canvas, text_width, wrapped};
use crate::theme::{
    FOOTNOTE, INK, LABEL, LINE, MARGIN, MARK, MarkerStyle, QUIET_INK, SUBTITLE, TITLE, Type, WIDTH,
};
use crate::{FigureTable, ReportError};

use super::mark::mark;

/// Height of a line of text, in ems.
const LEADING: f64 = 1.35;
/// Length of a line in a legend.
const SWATCH: f64 = 22.0;

/// Returns a canvas with a figure's question and what its axis says; its height is where the
/// figure itself begins.
pub(crate) fn opened(table: &FigureTable, subtitle: &str) -> Result<Canvas, ReportError> {
    let mut canvas = Canvas::new(WIDTH)?;
    canvas.height = MARGIN;
    paragraph(&mut canvas, &table.question, TITLE, INK);
    paragraph(&mut canvas, subtitle, SUBTITLE, QUIET_INK);
    canvas.height += 4.0;
    Ok(canvas)
}

/// Ends a figure with its caption.
pub(crate) fn close(canvas: &mut Canvas, table: &FigureTable) {
    canvas.height += 8.0;
    paragraph(canvas, &table.caption, FOOTNOTE, QUIET_INK);
    canvas.height += MARGIN - 3.0;
}

/// Says why there is nothing to draw.
pub(crate) fn nothing(canvas: &mut Canvas, table: &FigureTable) {
    let why = table.omitted.as_deref().unwrap_or("there are no numbers");
    canvas.height += 26.0;
    paragraph(canvas, &format!("Nothing to draw: {why}."), LABEL, INK);
    canvas.height += 22.0;
}

/// Draws labels with their marks, on a piece of line if the figure has lines, side by side as far
/// as they fit.
pub(crate) fn legend(canvas: &mut Canvas, entries: &[(String, MarkerStyle)], lines: bool) {
    if entries.is_empty() {
        return;
    }
    let swatch = if lines { SWATCH } else { 2.0 * MARK };
    let mut x = MARGIN;
    let mut y = canvas.height + LABEL.em;
    for (label, look) in entries {
        let width = swatch + 6.0 + text_width(label, LABEL);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            x = MARGIN;
            y += LEADING * LABEL.em + 2.0;
        }
        let middle = y - 0.36 * LABEL.em;
        if lines {
            canvas.line((x, middle), (x + swatch, middle), LINE, look.colour);
        }
        mark(canvas, (x + swatch / 2.0, middle), *look);
        canvas.text((x + swatch + 6.0, y), label, LABEL, Anchor::Start, INK);
        x += width + 20.0;
    }
    canvas.height = y + MARK + 6.0;
}

fn paragraph(canvas: &mut Canvas, text: &str, face: Type, colour: plotters::style::RGBColor) {
    for line in wrapped(text, face, WIDTH - 2.0 * MARGIN) {
        let baseline = (MARGIN, canvas.height + face.em);
        canvas.text(baseline, &line, face, Anchor::Start, colour);
        canvas.height += LEADING * face.em;
    }
}
