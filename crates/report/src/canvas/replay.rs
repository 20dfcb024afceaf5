use plotters::prelude::{DrawingBackend, ShapeStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, RGBColor};

use super::{Anchor, Canvas, Point, Shape};
use crate::theme::{PAPER, Type};

/// Device pixels per unit; both formats are drawn on this grid.
pub(super) const DEVICE_SCALE: u32 = 4;

/// Where a format's text comes from: font by face and em, and its baseline below its place.
pub(super) struct Lettering {
    pub(super) font: fn(Type, f64) -> FontDesc<'static>,
    pub(super) baseline: fn(f64) -> f64,
}

/// Draws every shape of a canvas; returns the error of plotters if it cannot.
pub(super) fn replay<B: DrawingBackend>(
    canvas: &Canvas,
    backend: &mut B,
    lettering: &Lettering,
) -> Result<(), String> {
    let (width, height) = device_size(canvas);
    let corner = (width as i32, height as i32);
    backend.draw_rect((0, 0), corner, &PAPER, true).map_err(|error| error.to_string())?;
    for shape in &canvas.shapes {
        let drawn = match shape {
            Shape::Line { from, to, width, colour } => {
                backend.draw_line(device(*from), device(*to), &stroke(*width, *colour))
            }
            Shape::Polygon { corners, colour } => {
                backend.fill_polygon(corners.iter().copied().map(device), colour)
            }
            Shape::Disc { centre, radius, colour } => {
                let radius = scaled(*radius).unsigned_abs();
                backend.draw_circle(device(*centre), radius, colour, true)
            }
            Shape::Text { baseline, text, face, anchor, colour } => {
                let em = face.em * f64::from(DEVICE_SCALE);
                let (x, y) = device(*baseline);
                let place = (x, y - (lettering.baseline)(em).round() as i32);
                let font = (lettering.font)(*face, em);
                let style = font.color(colour).pos(Pos::new(side(*anchor), VPos::Top));
                backend.draw_text(text, &style, place)
            }
        };
        drawn.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Returns a length in device pixels.
pub(super) fn scaled(length: f64) -> i32 {
    (length * f64::from(DEVICE_SCALE)).round() as i32
}

/// Returns the size of a canvas in device pixels.
pub(super) fn device_size(canvas: &Canvas) -> (u32, u32) {
    (scaled(canvas.width).unsigned_abs(), scaled(canvas.height.ceil()).unsigned_abs())
}

fn device((x, y): Point) -> (i32, i32) {
    (scaled(x), scaled(y))
}

fn stroke(width: f64, colour: RGBColor) -> ShapeStyle {
    ShapeStyle {
        color: colour.to_rgba(),
        filled: false,
        stroke_width: scaled(width).unsigned_abs(),
    }
}

fn side(anchor: Anchor) -> HPos {
    match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    }
}
