use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use crate::ReportError;
use crate::theme::{FAMILY, Type};

const REGULAR: &[u8] = include_bytes!("../../fonts/OpenSans-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../fonts/OpenSans-Semibold.ttf");

/// Open Sans from ascender to descender, in ems: (2189 + 600) / 2048. The rasteriser takes this
/// height as the size of a font.
const LINE_PER_EM: f64 = 2789.0 / 2048.0;

/// Units are measured finer than drawn, since plotters measures in whole numbers.
const MEASURE_SCALE: f64 = 16.0;

/// Makes the report's fonts known to plotters, once.
///
/// # Errors
/// If a font cannot be read.
pub(super) fn register() -> Result<(), ReportError> {
    static DAMAGED: OnceLock<Option<&str>> = OnceLock::new();
    let damaged = DAMAGED.get_or_init(|| {
        let fonts = [
            ("OpenSans-Regular.ttf", FontStyle::Normal, REGULAR),
            ("OpenSans-Semibold.ttf", FontStyle::Bold, SEMIBOLD),
        ];
        let damaged = fonts
            .into_iter()
            .find(|(_, style, bytes)| register_font(FAMILY, *style, bytes).is_err());
        damaged.map(|(font, ..)| font)
    });
    damaged.map_or(Ok(()), |font| Err(ReportError::Font { font }))
}

/// Returns the font whose em square is `em` pixels of a bitmap.
pub(super) fn of_bitmap(face: Type, em: f64) -> FontDesc<'static> {
    let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(FAMILY), em * LINE_PER_EM, style)
}

/// Returns how far below its place the rasteriser puts the baseline of a text of `em` pixels.
pub(super) fn bitmap_baseline(em: f64) -> f64 {
    em * LINE_PER_EM / 2.0
}

/// Returns the font whose em square is `em` pixels of an SVG: plotters divides by 1.24.
pub(super) fn of_svg(face: Type, em: f64) -> FontDesc<'static> {
    let style = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(FAMILY), em * 1.24, style)
}

/// Returns how far below its place an SVG text of `em` pixels has its baseline.
pub(super) fn svg_baseline(em: f64) -> f64 {
    0.76 * em
}

/// Returns the width of a text, in units.
pub(super) fn width(text: &str, face: Type) -> f64 {
    let font = of_bitmap(face, face.em * MEASURE_SCALE);
    let pixels = font.layout_box(text).map_or(0, |(_, (right, _))| right);
    f64::from(pixels) / MEASURE_SCALE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::LABEL;

    #[test]
    fn text_is_measured_in_units() {
        register().unwrap();
        // Open Sans' digit is 1169 / 2048 em wide: ten of them at 11 units are 62.8.
        let got = width("0000000000", LABEL);
        assert!((got - 11.0 * 10.0 * 1169.0 / 2048.0).abs() < 0.1, "{got}");
    }
}
