use plotters::prelude::{DrawingBackend, SVGBackend};

use super::replay::{DEVICE_SCALE, Lettering, device_size, replay};
use super::{Canvas, Shape, font};

/// Returns a canvas as SVG, with what a screen reader reads out; or the error of plotters if it
/// cannot be drawn.
pub(crate) fn svg(canvas: &Canvas, title: &str, description: &str) -> Result<String, String> {
    let (width, height) = device_size(canvas);
    let lettering = Lettering { font: font::of_svg, baseline: font::svg_baseline };
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (width, height));
        replay(canvas, &mut backend, &lettering)?;
        backend.present().map_err(|error| error.to_string())?;
    }
    let opening = format!("<svg width=\"{width}\" height=\"{height}\" ");
    let (units_wide, units_high) = (canvas.width, canvas.height.ceil());
    let opened = format!("<svg role=\"img\" width=\"{units_wide}\" height=\"{units_high}\" ");
    let (title, description) = (escaped(title), escaped(description));
    let described = format!(">\n<title>{title}</title>\n<desc>{description}</desc>\n");
    let text = text.replacen(&opening, &opened, 1).replacen(">\n", &described, 1);
    Ok(with_lengths(&text, canvas))
}

/// Returns the picture with the width that every text has in the report's own font, which keeps a
/// text in its place where a viewer has another font. Line breaks around a text, which would count
/// as part of it, are left out.
fn with_lengths(svg: &str, canvas: &Canvas) -> String {
    const TEXT: &str = "<text ";
    let lengths = canvas.shapes.iter().filter_map(|shape| match shape {
        Shape::Text { text, face, .. } => Some(font::width(text, *face) * f64::from(DEVICE_SCALE)),
        _ => None,
    });
    let mut parts = svg.split(TEXT);
    let mut whole = parts.next().unwrap_or_default().to_string();
    for (part, length) in parts.zip(lengths) {
        let length = length.round();
        let fit = format!("textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\" ");
        let close = part.replacen(">\n", ">", 1).replacen("\n</text>", "</text>", 1);
        whole.extend([TEXT, &fit, &close]);
    }
    whole
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
