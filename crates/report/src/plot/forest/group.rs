use formbench_analysis::{AxisValue, Row};

use super::super::mark::{Along, first_look, look, sized_mark, whisker};
use super::ForestStyle;
use super::layout::{Block, Layout, NAMES, counts_text, found, numbers_text};
use crate::canvas::{Anchor, Canvas, fitted, text_width};
use crate::theme::{
    AXIS, GRID, GUIDE, HAIRLINE, INK, LABEL, LINE, MARGIN, MarkerStyle, NUMBER, QUIET_INK, WIDTH,
};

/// Draws a group of rows between its edges: its name, marks, intervals, and words where there is room.
pub(super) fn group(
    canvas: &mut Canvas,
    block: &Block<'_>,
    (top, bottom): (f64, f64),
    layout: &Layout,
    style: &ForestStyle,
) {
    if block.is_ruled {
        canvas.line((MARGIN, top), (WIDTH - MARGIN, top), HAIRLINE, GRID);
    }
    let Block { name, rows, .. } = block;
    let (top, bottom) = (top + layout.gap() / 2.0, bottom - layout.gap() / 2.0);
    if let Some(colour) = (style.group_colour)(name) {
        canvas.line((MARGIN + 1.5, top + 1.0), (MARGIN + 1.5, bottom - 1.0), 3.0, colour);
    }
    let (face, middle) = layout.name(block, (top, bottom));
    let mut room = layout.name_room();
    if let Some(found) = found(rows) {
        let ((x, y), anchor) = layout.found(middle);
        canvas.text((x, y + 0.36 * NUMBER.em), &found, NUMBER, anchor, QUIET_INK);
        if anchor == Anchor::End {
            room -= text_width(&found, NUMBER) + NUMBER.em;
        }
    }
    let name = fitted(name, face, room);
    canvas.text((NAMES, middle + 0.36 * face.em), &name, face, Anchor::Start, INK);
    let middle = |row: &Row, at: usize| layout.middle(top, row, at);
    if let Some(reference) = style.scale.reference().filter(|_| style.stepped) {
        steps(canvas, rows, layout, reference, &middle);
    }
    for (at, row) in rows.iter().enumerate() {
        let labelled = style.stepped && !layout.crowded;
        let look = if labelled { first_look(&row.series) } else { look(&row.series) };
        let look = if (style.greyed)(row) { MarkerStyle { colour: GUIDE, ..look } } else { look };
        let look = look.hollow_if(row.is_doubtful());
        let (axis, y) = (&layout.axis, middle(row, at));
        if row.has_interval() {
            let ends = (row.low, row.high);
            whisker(canvas, axis, Along::AxisValue(y), ends, layout.bar(), look.colour);
        }
        let centre = (axis.at(row.value), y);
        sized_mark(canvas, centre, look, layout.mark());
        if let Some(numbers) = layout.numbers {
            words(canvas, row, layout, (numbers, y));
        }
    }
}

/// Draws the way from step to step; where the numbers of steps begin anew, it leaves the reference.
fn steps(
    canvas: &mut Canvas,
    rows: &[&Row],
    layout: &Layout,
    reference: f64,
    middle: &impl Fn(&Row, usize) -> f64,
) {
    let axis = &layout.axis;
    let step = |row: &Row| row.x.map_or(0.0, AxisValue::value);
    for (at, row) in rows.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| rows[before]);
        let before = before.filter(|before| step(before) < step(row));
        let (from, y) = (axis.at(before.map_or(reference, |row| row.value)), middle(row, at));
        let above = before.map_or(y - layout.row() / 2.0, |before| middle(before, at - 1));
        canvas.line((from, above), (from, y), LINE, AXIS);
        canvas.line((from, y), (axis.at(row.value), y), LINE, AXIS);
    }
}

/// Says what a row is, and its numbers.
fn words(canvas: &mut Canvas, row: &Row, layout: &Layout, (numbers, y): (f64, f64)) {
    let baseline = y + 0.36 * LABEL.em;
    let label = fitted(&row.series.label, LABEL, layout.label_room());
    canvas.text((layout.series, baseline), &label, LABEL, Anchor::Start, INK);
    let text = numbers_text(layout.unit, row);
    canvas.text((numbers, baseline), &text, NUMBER, Anchor::End, INK);
    if let Some(counts) = layout.counts {
        let text = counts_text(row);
        canvas.text((counts, baseline), &text, NUMBER, Anchor::End, QUIET_INK);
    }
}
