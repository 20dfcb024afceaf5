//! Colours, marks, fonts and sizes: every one of them is here and nowhere else.

use formbench_analysis::NetworkOrigin;
use formbench_analysis::claim::STUDY;
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
/// What is gained and what is lost, in heat maps.
pub(crate) const GAIN: RGBColor = RGBColor(33, 113, 181);
pub(crate) const LOSS: RGBColor = RGBColor(217, 95, 2);
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

impl MarkerStyle {
    /// Returns the style, white within if `is_hollow`.
    pub(crate) fn hollow_if(self, is_hollow: bool) -> Self {
        Self { filled: self.filled && !is_hollow, ..self }
    }
}

/// Engines in the order of every legend. Each stands out from white by 3 : 1 and from the others by a difference of
/// more than 12 (CIEDE2000), with three kinds of colour blindness too, and has an outline of its own, which
/// distinguishes it in grey where lightness cannot.
const ENGINES: [(&str, RGBColor, Outline); 8] = [
    ("burn/ndarray", RGBColor(64, 60, 62), Outline::Circle),
    ("burn/candle", RGBColor(147, 91, 0), Outline::Square),
    ("burn/flex", RGBColor(0, 111, 122), Outline::Diamond),
    ("burn/wgpu", RGBColor(0, 160, 142), Outline::Up),
    ("pytorch", RGBColor(106, 30, 9), Outline::Hexagon),
    ("openvino", RGBColor(89, 34, 224), Outline::Down),
    ("onnxruntime", RGBColor(226, 96, 214), Outline::Right),
    ("tract", RGBColor(166, 146, 82), Outline::Left),
];

/// Patterns in the order of panels, each filled or open, as far apart as engines, and from ink, which marks networks.
/// Sixteen lightnesses cannot be told apart: in grey, the outline and its filling distinguish them.
const PATTERNS: [(&str, RGBColor, Outline, bool); 16] = [
    ("plain", RGBColor(37, 68, 90), Outline::Circle, true),
    ("residual", RGBColor(235, 110, 0), Outline::Square, true),
    ("bottleneck", RGBColor(45, 6, 249), Outline::Diamond, true),
    ("grouped-bottleneck", RGBColor(88, 64, 54), Outline::Diamond, false),
    ("depthwise-separable", RGBColor(118, 8, 0), Outline::Down, true),
    ("depthwise-bottleneck", RGBColor(93, 95, 95), Outline::Up, true),
    ("depthwise-bottleneck-se", RGBColor(138, 101, 250), Outline::Up, false),
    ("dense", RGBColor(123, 109, 83), Outline::Square, false),
    ("fire", RGBColor(7, 0, 109), Outline::Hexagon, true),
    ("inception", RGBColor(197, 15, 0), Outline::Hexagon, false),
    ("channel-shuffle", RGBColor(155, 147, 144), Outline::Right, true),
    ("ghost", RGBColor(129, 157, 103), Outline::Left, true),
    ("fused-bottleneck", RGBColor(56, 159, 193), Outline::Left, false),
    ("large-kernel-depthwise", RGBColor(122, 26, 154), Outline::Down, false),
    ("searched-cell", RGBColor(34, 2, 43), Outline::Circle, false),
    ("attention", RGBColor(198, 64, 139), Outline::Right, false),
];

/// Parts of an inference, in colours of patterns, which are far enough apart; what is not work of the graph is grey.
const PARTS: [(&str, RGBColor); 13] = [
    ("dense convolution", RGBColor(37, 68, 90)),
    ("pointwise convolution", RGBColor(56, 159, 193)),
    ("depthwise convolution", RGBColor(235, 110, 0)),
    ("matrix product", RGBColor(122, 26, 154)),
    ("linear", RGBColor(45, 6, 249)),
    ("normalisation", RGBColor(129, 157, 103)),
    ("activation", RGBColor(198, 64, 139)),
    ("pool", RGBColor(118, 8, 0)),
    ("add and concatenate", RGBColor(123, 109, 83)),
    ("movement of data", RGBColor(138, 101, 250)),
    ("other", RGBColor(34, 2, 43)),
    ("the engine\u{2019}s own", RGBColor(155, 147, 144)),
    ("between operators", GRID),
];

/// Returns the parts of an inference, in the order of legends.
pub(crate) fn parts() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|(name, _)| *name)
}

/// Returns the colour of a part of an inference.
pub(crate) fn part_colour(part: &str) -> RGBColor {
    PARTS.iter().find(|(name, _)| *name == part).map_or_else(|| spare(part), |&(_, colour)| colour)
}

/// Hosts that are told apart by a mark, in colours of patterns, which are far enough apart.
const HOSTS: [(RGBColor, Outline); 8] = [
    (RGBColor(37, 68, 90), Outline::Circle),
    (RGBColor(235, 110, 0), Outline::Square),
    (RGBColor(122, 26, 154), Outline::Up),
    (RGBColor(56, 159, 193), Outline::Diamond),
    (RGBColor(118, 8, 0), Outline::Down),
    (RGBColor(129, 157, 103), Outline::Hexagon),
    (RGBColor(198, 64, 139), Outline::Right),
    (RGBColor(45, 6, 249), Outline::Left),
];

/// Hosts that are told apart at most.
pub(crate) const MOST_HOSTS: usize = HOSTS.len();

/// Returns the style of a host by its place in a legend.
pub(crate) fn host_marker(at: usize) -> MarkerStyle {
    let (colour, outline) = HOSTS[at % HOSTS.len()];
    MarkerStyle { colour, outline, filled: true }
}

/// Returns a share of a colour on paper.
pub(crate) fn tint(full: RGBColor, share: f64) -> RGBColor {
    let mix = |paper: u8, full: u8| {
        (f64::from(paper) + share * (f64::from(full) - f64::from(paper))).round() as u8
    };
    RGBColor(mix(PAPER.0, full.0), mix(PAPER.1, full.1), mix(PAPER.2, full.2))
}

/// Colours for names without a row of their own, by the hash of the name.
const SPARE: [RGBColor; 7] = [
    RGBColor(136, 136, 40),
    RGBColor(136, 34, 85),
    RGBColor(50, 140, 126),
    RGBColor(170, 68, 153),
    RGBColor(102, 51, 0),
    RGBColor(0, 68, 136),
    RGBColor(170, 100, 0),
];

/// Returns the style of an engine's `variant`-th setting: each has the next outline, and when those are used up they
/// begin again, open. An engine without a row has a style made from its name.
pub(crate) fn engine_marker(engine: &str, variant: usize) -> MarkerStyle {
    if engine == STUDY {
        return MarkerStyle { colour: INK, outline: Outline::Star, filled: true };
    }
    let row = ENGINES.iter().find(|(name, ..)| *name == engine);
    let (colour, outline) = row.map_or_else(
        || (spare(engine), spare_outline(engine)),
        |&(_, colour, outline)| (colour, outline),
    );
    let first = OUTLINES.iter().position(|other| *other == outline).unwrap_or_default();
    let outline = OUTLINES[(first + variant) % OUTLINES.len()];
    MarkerStyle { colour, outline, filled: variant < OUTLINES.len() }
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

    use formbench_analysis::anatomy;
    use formbench_analysis::order::{self, engine_order};
    use formbench_protocol::InferencePart;
    use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
    use palette::{FromColor, Lab, LinSrgb, Srgb, white_point::D65};

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

    /// Machado, Oliveira and Fernandes 2009, table 1, severity 1: what people without one kind of cone see, in
    /// linear light; none, protanopia, deuteranopia, tritanopia.
    const SIGHTS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];
    /// Least difference between two colours of one figure.
    const APART: f64 = 12.0;
    /// Least contrast of a line or mark with the paper: WCAG 2.2, 1.4.11.
    const CONTRAST: f64 = 3.0;

    fn light(colour: RGBColor) -> LinSrgb<f64> {
        Srgb::new(colour.0, colour.1, colour.2).into_format::<f64>().into_linear()
    }

    fn seen(colour: RGBColor, sight: &[[f64; 3]; 3]) -> Lab<D65, f64> {
        let light = light(colour);
        let of = |[r, g, b]: [f64; 3]| {
            (r * light.red + g * light.green + b * light.blue).clamp(0.0, 1.0)
        };
        Lab::from_color(LinSrgb::new(of(sight[0]), of(sight[1]), of(sight[2])))
    }

    fn are_apart(colours: &[RGBColor]) {
        for (at, one) in colours.iter().enumerate() {
            let contrast = light(PAPER).relative_contrast(light(*one));
            assert!(contrast >= CONTRAST, "{one:?}: {contrast}");
            for (other, sight) in colours[..at]
                .iter()
                .flat_map(|other| SIGHTS.iter().map(move |sight| (other, sight)))
            {
                let difference = seen(*one, sight).difference(seen(*other, sight));
                assert!(difference >= APART, "{one:?} and {other:?}: {difference}");
            }
        }
    }

    #[test]
    fn colours_stand_out_and_are_told_apart_without_a_kind_of_cone() {
        are_apart(&ENGINES.map(|row| row.1));
        are_apart(&[&PATTERNS.map(|row| row.1)[..], &[INK]].concat());
        // What is between operators is no work, and as pale as a grid.
        are_apart(&PARTS.map(|row| row.1)[..PARTS.len() - 1]);
        are_apart(&HOSTS.map(|(colour, _)| colour));
        for spare in SPARE {
            are_apart(&[spare]);
        }
    }

    #[test]
    fn every_part_of_an_inference_has_a_colour() {
        let named = InferencePart::ALL.into_iter().map(anatomy::name);
        assert!(named.eq(parts()));
    }

    #[test]
    fn the_difference_is_the_published_one() {
        // Sharma, Wu and Dalal 2005, table 1, pair 17.
        let [one, other] = [Lab::<D65, f64>::new(50.0, 2.5, 0.0), Lab::new(73.0, 25.0, -18.0)];
        assert!((one.difference(other) - 27.1492).abs() < 1e-4);
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
