//! A picture as a list of shapes, laid out once and then drawn by plotters as SVG and as PNG, so
//! that both are the same picture.

mod font;
mod png;
mod replay;
mod svg;

use plotters::style::RGBColor;

pub(crate) use png::write_png;
pub(crate) use svg::svg;

use crate::ReportError;
use crate::theme::Type;

/// A place on a canvas, in units from the upper left.
pub(crate) type Point = (f64, f64);

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// What can be drawn.
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Line { from: Point, to: Point, width: f64, colour: RGBColor },
    Polygon { corners: Vec<Point>, colour: RGBColor },
    Disc { centre: Point, radius: f64, colour: RGBColor },
    Text { baseline: Point, text: String, face: Type, anchor: Anchor, colour: RGBColor },
}

/// Shapes in the order of their drawing; text is placed by its baseline.
#[derive(Debug)]
pub(crate) struct Canvas {
    shapes: Vec<Shape>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Canvas {
    /// Returns an empty canvas of the given width; what is drawn decides the height.
    ///
    /// # Errors
    /// If a font cannot be read.
    pub(crate) fn new(width: f64) -> Result<Self, ReportError> {
        font::register()?;
        Ok(Self { shapes: Vec::new(), width, height: 0.0 })
    }

    pub(crate) fn line(&mut self, from: Point, to: Point, width: f64, colour: RGBColor) {
        self.shapes.push(Shape::Line { from, to, width, colour });
    }

    pub(crate) fn polygon(&mut self, corners: Vec<Point>, colour: RGBColor) {
        self.shapes.push(Shape::Polygon { corners, colour });
    }

    pub(crate) fn disc(&mut self, centre: Point, radius: f64, colour: RGBColor) {
        self.shapes.push(Shape::Disc { centre, radius, colour });
    }

    pub(crate) fn text(
        &mut self,
        baseline: Point,
        text: &str,
        face: Type,
        anchor: Anchor,
        colour: RGBColor,
    ) {
        let text = text.to_string();
        self.shapes.push(Shape::Text { baseline, text, face, anchor, colour });
    }
}

/// Returns how wide a text is, in units.
pub(crate) fn text_width(text: &str, face: Type) -> f64 {
    font::width(text, face)
}

/// Returns the widest of texts, in units; 0 of none.
pub(crate) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, face: Type) -> f64 {
    texts.into_iter().map(|text| text_width(text, face)).fold(0.0, f64::max)
}

/// Returns a text's lines, broken at spaces so that none is wider than `width` if its words allow.
pub(crate) fn wrapped(text: &str, face: Type, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), face) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

/// Returns a text no wider than `width`, with an ellipsis for its middle if that is needed.
pub(crate) fn fitted(text: &str, face: Type, width: f64) -> String {
    let chars: Vec<char> = text.chars().collect();
    let shortened = |kept: usize| {
        let (head, tail) = (&chars[..kept.div_ceil(2)], &chars[chars.len() - kept / 2..]);
        head.iter().chain(['…'].iter()).chain(tail).collect::<String>()
    };
    let whole = std::iter::once(text.to_string());
    let shorter = (1..chars.len()).rev().map(shortened);
    whole.chain(shorter).find(|text| text_width(text, face) <= width).unwrap_or_default()
}

#[cfg(test)]
impl Canvas {
    /// Returns the box of every text: left, top, right, bottom, and the text.
    pub(crate) fn text_boxes(&self) -> Vec<([f64; 4], &str)> {
        let text_box = |shape: &'_ Shape| match shape {
            Shape::Text { baseline: (x, y), face, anchor, .. } => {
                let width = text_width(shape.text(), *face);
                let left = match anchor {
                    Anchor::Start => *x,
                    Anchor::Middle => x - width / 2.0,
                    Anchor::End => x - width,
                };
                Some([left, y - 0.72 * face.em, left + width, y + 0.2 * face.em])
            }
            _ => None,
        };
        let boxes = self.shapes.iter().filter_map(|shape| Some((text_box(shape)?, shape.text())));
        boxes.collect()
    }
}

#[cfg(test)]
impl Shape {
    fn text(&self) -> &str {
        if let Self::Text { text, .. } = self { text } else { "" }
    }
}
