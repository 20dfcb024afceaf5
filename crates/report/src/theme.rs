//! Colours, marks, fonts and sizes: every one of them is here and nowhere else.

use formbench_analysis::NetworkOrigin;
use plotters::style::RGBColor;

/// Faces that a picture asks for: the one that the report carries, then what every system has.
pub(crate) const FAMILY: &str = "Open Sans, Helvetica, Arial, sans-serif";

/// Width of every figure: both columns of a page at 100 units an inch.
pub(crate) const WIDTH: f64 = 720.0;
/// White around a figure.
pub(crate) const MARGIN: f64 = 12.0;
/// Device pixels of the PNG per unit.
pub(crate) const PNG_SCALE: u32 = 2;

/// A size and weight of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Type {
    /// Height of the em square.
    pub(crate) em: f64,
    /// Whether it stands out.
    pub(crate) bold: bool,
}

pub(crate) const TITLE: Type = Type { em: 14.5, bold: true };
pub(crate) const SUBTITLE: Type = Type { em: 11.5, bold: false };
pub(crate) const GROUP: Type = Type { em: 11.5, bold: true };
pub(crate) const LABEL: Type = Type { em: 11.0, bold: false };
pub(crate) const NUMBER: Type = Type { em: 10.5, bold: false };
pub(crate) const FOOTNOTE: Type = Type { em: 9.5, bold: false };

pub(crate) const PAPER: RGBColor = RGBColor(255, 255, 255);
pub(crate) const INK: RGBColor = RGBColor(26, 26, 26);
pub(crate) const QUIET_INK: RGBColor = RGBColor(89, 89, 89);
pub(crate) const AXIS: RGBColor = RGBColor(140, 140, 140);
/// Lines that lead the eye.
pub(crate) const GUIDE: RGBColor = RGBColor(170, 170, 170);
pub(crate) const GRID: RGBColor = RGBColor(228, 228, 228);
/// Behind what sums up.
pub(crate) const BAND: RGBColor = RGBColor(244, 244, 244);

pub(crate) const HAIRLINE: f64 = 0.75;
pub(crate) const LINE: f64 = 1.5;
/// Radius of a mark.
pub(crate) const MARK: f64 = 4.0;
/// Radius of a mark among many.
pub(crate) const SMALL_MARK: f64 = 3.4;
/// Radius of a mark in a crowded row.
pub(crate) const TINY_MARK: f64 = 2.8;
/// Half the bar at the end of an interval, and that of a crowded row.
pub(crate) const BAR: f64 = 2.5;
pub(crate) const TINY_BAR: f64 = 1.2;

/// Outline of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    Circle,
    Square,
    Diamond,
    Up,
    Down,
    Hexagon,
    Right,
    Left,
    Plus,
    Cross,
    Star,
}

/// Those that may also be open.
const OUTLINES: [Outline; 8] = [
    Outline::Circle,
    Outline::Square,
    Outline::Diamond,
    Outline::Up,
    Outline::Down,
    Outline::Hexagon,
    Outline::Right,
    Outline::Left,
];

/// How a series is marked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MarkerStyle {
    pub(crate) colour: RGBColor,
    pub(crate) outline: Outline,
    /// Filled, or white within.
    pub(crate) filled: bool,
}

/// Engines in the order of every legend. Burn's colours are by Okabe and Ito; all eight are apart
/// with every common kind of colour blindness. Each has an outline of its own, which distinguishes
/// it in grey where lightness cannot.
const ENGINES: [(&str, RGBColor, Outline); 8] = [
    ("burn/ndarray", RGBColor(64, 64, 64), Outline::Circle),
    ("burn/candle", RGBColor(213, 94, 0), Outline::Square),
    ("burn/flex", RGBColor(0, 114, 178), Outline::Diamond),
    ("burn/wgpu", RGBColor(0, 158, 115), Outline::Up),
    ("pytorch", RGBColor(108, 47, 9), Outline::Hexagon),
    ("openvino", RGBColor(92, 40, 230), Outline::Down),
    ("onnxruntime", RGBColor(238, 100, 215), Outline::Right),
    ("tract", RGBColor(190, 168, 90), Outline::Left),
];

/// Patterns in the order of panels, each filled or open. The four of claim C2 have colours by Tol
/// (muted); the others are as far as can be from those, from each other, with every common kind of
/// colour blindness, and from the engines'. Fifteen lightnesses cannot be told apart: in grey, the
/// outline and its filling distinguish them.
const PATTERNS: [(&str, RGBColor, Outline, bool); 15] = [
    ("plain", RGBColor(51, 34, 136), Outline::Circle, true),
    ("residual", RGBColor(136, 204, 238), Outline::Square, true),
    ("bottleneck", RGBColor(204, 102, 119), Outline::Diamond, true),
    ("grouped-bottleneck", RGBColor(225, 30, 60), Outline::Diamond, false),
    ("depthwise-separable", RGBColor(165, 225, 0), Outline::Down, true),
    ("depthwise-bottleneck", RGBColor(17, 119, 51), Outline::Up, true),
    ("depthwise-bottleneck-se", RGBColor(135, 0, 105), Outline::Up, false),
    ("dense", RGBColor(75, 45, 30), Outline::Square, false),
    ("fire", RGBColor(240, 180, 150), Outline::Hexagon, true),
    ("inception", RGBColor(135, 15, 195), Outline::Hexagon, false),
    ("channel-shuffle", RGBColor(165, 165, 255), Outline::Right, true),
    ("ghost", RGBColor(210, 210, 90), Outline::Left, true),
    ("fused-bottleneck", RGBColor(210, 0, 180), Outline::Left, false),
    ("large-kernel-depthwise", RGBColor(165, 105, 255), Outline::Down, false),
    ("searched-cell", RGBColor(195, 120, 180), Outline::Circle, false),
];

/// Colours for names without a row of their own, by the hash of the name.
const SPARE: [RGBColor; 7] = [
    RGBColor(153, 153, 51),
    RGBColor(136, 34, 85),
    RGBColor(68, 170, 153),
    RGBColor(170, 68, 153),
    RGBColor(102, 51, 0),
    RGBColor(0, 68, 136),
    RGBColor(187, 119, 0),
];

/// Returns the style of an engine's `variant`-th setting: the first is filled, the second open,
/// further ones take the next outlines. An engine without a row has a style made from its name.
pub(crate) fn engine_marker(engine: &str, variant: usize) -> MarkerStyle {
    let row = ENGINES.iter().find(|(name, ..)| *name == engine);
    let (colour, outline) = row.map_or_else(
        || (spare(engine), spare_outline(engine)),
        |&(_, colour, outline)| (colour, outline),
    );
    let first = OUTLINES.iter().position(|other| *other == outline).unwrap_or_default();
    let outline = OUTLINES[(first + variant / 2) % OUTLINES.len()];
    MarkerStyle { colour, outline, filled: variant.is_multiple_of(2) }
}

/// Returns the colour of a pattern; one without a row has a colour chosen by its name.
pub(crate) fn pattern_colour(pattern: &str) -> RGBColor {
    known_pattern_colour(pattern).unwrap_or_else(|| spare(pattern))
}

/// Returns the colour of a pattern that has a row.
pub(crate) fn known_pattern_colour(pattern: &str) -> Option<RGBColor> {
    PATTERNS.iter().find(|(name, ..)| *name == pattern).map(|&(_, colour, ..)| colour)
}

/// Returns the style of a pattern among architectures; one without a row has a style chosen by its
/// name.
pub(crate) fn pattern_marker(pattern: &str) -> MarkerStyle {
    let row = PATTERNS.iter().find(|(name, ..)| *name == pattern);
    let (colour, outline, filled) = row.map_or_else(
        || (spare(pattern), spare_outline(pattern), hash(pattern).is_multiple_of(2)),
        |&(_, colour, outline, filled)| (colour, outline, filled),
    );
    MarkerStyle { colour, outline, filled }
}

/// Returns the style of networks among architectures: in ink, an outline that no pattern has.
pub(crate) fn network_marker(origin: NetworkOrigin) -> MarkerStyle {
    let outline = match origin {
        NetworkOrigin::HandDesigned | NetworkOrigin::Unknown => Outline::Plus,
        NetworkOrigin::Searched => Outline::Cross,
        NetworkOrigin::FromOutside => Outline::Star,
    };
    MarkerStyle { colour: INK, outline, filled: true }
}

fn spare(name: &str) -> RGBColor {
    SPARE[hash(name) % SPARE.len()]
}

fn spare_outline(name: &str) -> Outline {
    OUTLINES[hash(name) / SPARE.len() % OUTLINES.len()]
}

/// Returns the 32-bit FNV-1a hash of a name.
fn hash(name: &str) -> usize {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    name.bytes().fold(0x811c_9dc5, step) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use formbench_analysis::order::{self, engine_order};

    use super::*;

    #[test]
    fn looks_are_listed_in_the_order_of_figures() {
        assert_eq!(ENGINES.map(|(name, ..)| name), order::ENGINES);
        assert_eq!(PATTERNS.map(|(name, ..)| name), order::PATTERNS);
    }

    #[test]
    fn every_name_and_every_colour_is_used_once() {
        let names = ENGINES.iter().map(|row| row.0).chain(PATTERNS.iter().map(|row| row.0));
        assert_eq!(names.collect::<BTreeSet<_>>().len(), ENGINES.len() + PATTERNS.len());
        let colours = ENGINES.iter().map(|row| row.1).chain(PATTERNS.iter().map(|row| row.1));
        let colours: BTreeSet<_> = colours.map(|colour| (colour.0, colour.1, colour.2)).collect();
        assert_eq!(colours.len(), ENGINES.len() + PATTERNS.len());
    }

    #[test]
    fn patterns_differ_in_outline_or_filling_and_from_networks() {
        let looks = PATTERNS.map(|(name, ..)| pattern_marker(name));
        let marks = |look: &MarkerStyle| (look.outline, look.filled);
        for (at, look) in looks.iter().enumerate() {
            assert!(looks[..at].iter().all(|other| marks(other) != marks(look)), "{look:?}");
            assert!(OUTLINES.contains(&look.outline), "{look:?}");
        }
        for origin in NetworkOrigin::ALL {
            assert!(!OUTLINES.contains(&network_marker(origin).outline), "{origin:?}");
        }
    }

    #[test]
    fn settings_of_one_engine_differ_in_outline_or_filling() {
        let looks: Vec<MarkerStyle> =
            (0..12).map(|variant| engine_marker("burn/flex", variant)).collect();
        for (at, look) in looks.iter().enumerate() {
            assert!(!looks[..at].contains(look), "{at}");
        }
    }

    #[test]
    fn a_name_without_a_row_keeps_its_look() {
        // FNV-1a of "a" is 0xe40c292c by its specification: 3826002220 mod 7 = 5.
        assert_eq!(hash("a"), 0xe40c_292c);
        assert_eq!(pattern_colour("a"), SPARE[5]);
        assert_eq!(engine_marker("a", 0).colour, SPARE[5]);
        assert_eq!(engine_order("a"), ENGINES.len());
    }
}
