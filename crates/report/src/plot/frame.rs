use crate::canvas::{Anchor, Canvas, text_width, wrapped};
use crate::theme::{
    FOOTNOTE, INK, LABEL, LINE, MARGIN, MARK, QUIET_INK, SUBTITLE, TITLE, Type, WIDTH,
};
use crate::{FigureTable, ReportError, Series};

use super::mark::{look, mark};

/// Height of a line of text, in ems.
const LEADING: f64 = 1.35;
/// Length of a line in a legend.
const SWATCH: f64 = 22.0;

/// Returns a canvas with a figure's question and what its axis says; its height is where the
/// figure itself begins.
pub(crate) fn opened(table: &FigureTable, subtitle: &str) -> Result<Canvas, ReportError> {
    let mut canvas = Canvas::new(WIDTH)?;
    canvas.height = MARGIN;
    paragraph(&mut canvas, table.question, TITLE, INK);
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
    let cells: usize = table.absences.iter().map(|absence| absence.cells).sum();
    let why = if cells == 0 {
        "Nothing to draw: no experiment of this run has cells for this figure.".to_string()
    } else {
        format!("Nothing to draw: none of {cells} cells can be shown; the reasons are below.")
    };
    canvas.height += 26.0;
    paragraph(canvas, &why, LABEL, INK);
    canvas.height += 22.0;
}

/// Draws the series with their marks, side by side as far as they fit.
pub(crate) fn legend(canvas: &mut Canvas, series: &[Series]) {
    let mut x = MARGIN;
    let mut y = canvas.height + LABEL.em;
    for series in series {
        let width = SWATCH + 6.0 + text_width(&series.label, LABEL);
        if x > MARGIN && x + width > WIDTH - MARGIN {
            x = MARGIN;
            y += LEADING * LABEL.em + 2.0;
        }
        let look = look(series);
        let middle = y - 0.36 * LABEL.em;
        canvas.line((x, middle), (x + SWATCH, middle), LINE, look.colour);
        mark(canvas, (x + SWATCH / 2.0, middle), look);
        let place = (x + SWATCH + 6.0, y);
        canvas.text(place, &series.label, LABEL, Anchor::Start, INK);
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
