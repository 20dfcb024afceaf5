use formbench_analysis::{Row, Series};
use plotters::style::RGBColor;

use super::frame;
use crate::canvas::{Anchor, Canvas, fitted, text_width, widest};
use crate::theme::{
    FOOTNOTE, GAIN, GRID, GROUP, HAIRLINE, INK, LABEL, LOSS, MARGIN, QUIET_INK, WIDTH, tint,
};
use crate::{FigureTable, ReportError};

/// Height of a row.
const ROW: f64 = 30.0;
/// A column's width at most.
const MOST_WIDTH: f64 = 170.0;
/// Share of the width that names take at most.
const MOST_NAMES: f64 = 0.35;
/// Ratio whose shade is the darkest.
const DARKEST: f64 = 6.0;
/// White between cells, and beside a name.
const GAP: f64 = 2.0;
const GUTTER: f64 = 12.0;
/// How dark a shade is at most, so that ink stands out.
const MOST_SHADE: f64 = 0.62;

/// Returns a heat map: a row per group, a column per series, the number and its interval in each, shaded as the ratio that
/// `gain` makes of a row: what gains has more than one.
///
/// # Errors
/// If a font cannot be read.
pub(crate) fn heatmap(
    table: &FigureTable,
    subtitle: &str,
    gain: fn(&Row) -> f64,
) -> Result<Canvas, ReportError> {
    let mut canvas = frame::opened(table, subtitle)?;
    if table.rows.is_empty() {
        frame::nothing(&mut canvas, table);
    } else {
        cells(&mut canvas, table, gain);
    }
    frame::close(&mut canvas, table);
    Ok(canvas)
}

fn cells(canvas: &mut Canvas, table: &FigureTable, gain: fn(&Row) -> f64) {
    let series = table.series();
    let groups: Vec<_> = table.sections().into_iter().flat_map(|(_, groups)| groups).collect();
    let names = widest(groups.iter().map(|(name, _)| *name), LABEL).min(MOST_NAMES * WIDTH);
    let left = MARGIN + names + GUTTER;
    let column = ((WIDTH - MARGIN - left) / series.len() as f64).min(MOST_WIDTH);
    heads(canvas, &series, left, column);
    for (name, rows) in groups {
        let top = canvas.height;
        let name = fitted(name, LABEL, names);
        let middle = top + ROW / 2.0 + 0.36 * LABEL.em;
        canvas.text((MARGIN, middle), &name, LABEL, Anchor::Start, INK);
        for (at, series) in series.iter().enumerate() {
            let x = left + column * at as f64;
            if let Some(row) = rows.iter().find(|row| row.series == *series) {
                let texts = table.unit.texts(row, 3);
                cell(canvas, row, texts, gain(row), [x, top, x + column - GAP, top + ROW - GAP]);
            }
        }
        canvas.height += ROW;
    }
}

fn heads(canvas: &mut Canvas, series: &[Series], left: f64, column: f64) {
    let width = column - 2.0 * GAP;
    let heads: Vec<[String; 2]> = series.iter().map(|series| head(&series.label, width)).collect();
    let lines = if heads.iter().any(|[_, options]| !options.is_empty()) { 2 } else { 1 };
    for (line, font) in [GROUP, FOOTNOTE].into_iter().enumerate().take(lines) {
        canvas.height += font.em;
        for (at, head) in heads.iter().enumerate() {
            let middle = left + column * (at as f64 + 0.5) - GAP / 2.0;
            let text = fitted(&head[line], font, width);
            canvas.text((middle, canvas.height), &text, font, Anchor::Middle, INK);
        }
        canvas.height += 6.0;
    }
    let ends = [left, left + column * series.len() as f64 - GAP].map(|x| (x, canvas.height));
    canvas.line(ends[0], ends[1], HAIRLINE, GRID);
    canvas.height += GAP;
}

/// Returns the lines of a column's head: one, or the values of an engine's options below it where they do not fit beside it.
fn head(label: &str, width: f64) -> [String; 2] {
    let options =
        label.split_once('{').and_then(|(engine, rest)| Some((engine, rest.split_once('}')?)));
    match options {
        Some((engine, (options, rest))) if text_width(label, GROUP) > width => {
            let value = |option: &'_ str| {
                option.split_once('=').map_or(option, |(_, value)| value).to_string()
            };
            let values: Vec<String> = options.split(',').map(value).collect();
            [engine.to_string(), format!("{}{rest}", values.join(", "))]
        }
        _ => [label.to_string(), String::new()],
    }
}

/// Draws a number and its interval on its shade, in brackets if it deserves doubt.
fn cell(
    canvas: &mut Canvas,
    row: &Row,
    [value, low, high]: [String; 3],
    gain: f64,
    [left, top, right, bottom]: [f64; 4],
) {
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    canvas.polygon(corners, shade(gain));
    let middle = (left + right) / 2.0;
    let value = if row.is_doubtful() { format!("({value})") } else { value };
    let value = fitted(&value, LABEL, right - left - GAP);
    let alone = (top + bottom) / 2.0 + 0.36 * LABEL.em;
    let y = if row.has_interval() { top + 1.1 * LABEL.em } else { alone };
    canvas.text((middle, y), &value, LABEL, Anchor::Middle, INK);
    // A dash before a minus would read as two.
    let to = if row.low < 0.0 { " to " } else { "\u{2013}" };
    let interval = format!("{low}{to}{high}");
    if row.has_interval() && text_width(&interval, FOOTNOTE) < right - left {
        let y = bottom - 0.4 * FOOTNOTE.em;
        canvas.text((middle, y), &interval, FOOTNOTE, Anchor::Middle, QUIET_INK);
    }
}

/// Returns white for a ratio of one, the darker the farther from it.
fn shade(ratio: f64) -> RGBColor {
    let full = if ratio >= 1.0 { GAIN } else { LOSS };
    tint(full, (ratio.ln().abs() / DARKEST.ln()).min(1.0) * MOST_SHADE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::PAPER;

    #[test]
    fn options_that_do_not_fit_beside_their_engine_are_below_it_by_their_values() {
        let label = "onnxruntime{graph_optimization=basic,waiting=sleep}, 2 threads";
        let expected = ["onnxruntime", "basic, sleep, 2 threads"].map(String::from);
        assert_eq!(head(label, 100.0), expected);
        assert_eq!(head(label, 1000.0), [label.to_string(), String::new()]);
        assert_eq!(
            head("openvino, 2 threads", 10.0),
            ["openvino, 2 threads".into(), String::new()]
        );
    }

    #[test]
    fn a_shade_grows_with_the_distance_from_one_and_ends() {
        assert_eq!(shade(1.0), PAPER);
        assert!(shade(2.0).0 < shade(1.2).0 && shade(0.5).2 < shade(0.8).2);
        assert_eq!(shade(6.0), shade(60.0));
    }
}
