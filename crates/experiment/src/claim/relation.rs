use std::fmt;

use formbench_protocol::InferencePart;

use super::cells::names;
use super::{ClaimKind, ClaimWords};
use crate::fields::Fields;
use crate::node::{Fault, Node};
use crate::vocabulary::unknown;

/// What a check must find.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// The geometric mean of the cells' speed-ups is above a ratio.
    MeanAbove {
        /// The ratio.
        ratio: f64,
    },
    /// The geometric mean of the cells' speed-ups is within a factor of a ratio.
    MeanNear {
        /// The ratio.
        ratio: f64,
        /// The factor: from `ratio / within` to `ratio * within`.
        within: f64,
    },
    /// One of some patterns or networks has the largest speed-up.
    GainsMost {
        /// Their names.
        names: Vec<String>,
        /// Least number of competitors for a first place to mean anything, the named ones included.
        among: usize,
    },
    /// The largest speed-up of a pattern or network is at least a multiple of the smallest.
    Spread {
        /// The least ratio of the two.
        at_least: f64,
    },
    /// One of some networks has the shortest latency.
    Fastest {
        /// Their names.
        names: Vec<String>,
        /// Least number of competitors for a first place to mean anything, the named ones included.
        among: usize,
    },
    /// Two properties correlate as a pattern's depth and width grow.
    Related {
        /// The properties.
        between: [Property; 2],
        /// The sign of the correlation.
        sign: Sign,
    },
    /// A property of architectures correlates with their speed-up.
    GainRelated {
        /// The property.
        with: Property,
        /// The sign of the correlation.
        sign: Sign,
    },
    /// Some kinds of work are more than a share of the time that the engine saves, the mean over architectures.
    Saved {
        /// The kinds of work.
        by: Vec<InferencePart>,
        /// The share.
        above: f64,
    },
}

/// Properties of an architecture that a claim may correlate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// Multiply-accumulates of one inference.
    Macs,
    /// Hit rate of the last-level cache: the share of accesses that the cache answers.
    HitRate,
    /// Latency of one inference.
    Latency,
    /// Trainable parameters.
    Parameters,
    /// Operators for each one on the longest path.
    Parallelism,
    /// Share of the MACs in depthwise convolutions.
    DepthwiseShare,
    /// Speed-up over the interpretation's baseline.
    SpeedUp,
}

/// The sign of the correlation of two properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// One property grows as the other grows.
    Positive,
    /// One property falls as the other grows.
    Negative,
    /// Positive or negative.
    Either,
}

/// Quantities, each with the keys that its relation may have.
const QUANTITIES: [(&str, &[&str]); 5] = [
    ("mean-speed-up", &["above", "near", "within"]),
    ("speed-up", &["first", "among", "spread"]),
    ("latency", &["first", "among"]),
    ("correlation", &["between", "sign"]),
    ("saved-time", &["by", "above"]),
];

/// Least number of competitors that a first place needs.
const LEAST_COMPETITORS: usize = 2;

/// Largest ratio that a claim may name.
const MOST_RATIO: f64 = 1000.0;

impl Relation {
    pub(super) fn read(fields: &Fields, of: ClaimKind, words: &ClaimWords) -> Result<Self, Fault> {
        let node = fields.require("quantity")?;
        let name = node.text("quantity")?;
        let known = QUANTITIES.iter().find(|(quantity, _)| *quantity == name);
        let (quantity, keys) = known.ok_or_else(|| {
            node.fault(unknown("quantity", name, &QUANTITIES.map(|(quantity, _)| quantity)))
        })?;
        let relation = fields.require("relation")?.fields("relation", keys)?;
        match *quantity {
            "mean-speed-up" => read_mean(&relation),
            "speed-up" => read_rank(&relation, of, words),
            "latency" => {
                let (names, among) = first(&relation, of, words)?;
                Ok(Self::Fastest { names, among })
            }
            "saved-time" => read_saved(&relation),
            _ => read_correlation(&relation),
        }
    }
}

fn read_mean(relation: &Fields) -> Result<Relation, Fault> {
    let ratio = |key| relation.read(key, |node| node.positive(key, MOST_RATIO));
    match (ratio("above")?, ratio("near")?, ratio("within")?) {
        (Some(ratio), None, None) => Ok(Relation::MeanAbove { ratio }),
        (None, Some(ratio), Some(within)) if within > 1.0 => {
            Ok(Relation::MeanNear { ratio, within })
        }
        (None, Some(_), Some(_)) => {
            Err(relation
                .fault("`within` is a factor above 1: 1.5 is from two thirds to three halves"))
        }
        _ => {
            Err(relation
                .fault("a mean speed-up is `above` a ratio, or `near` one `within` a factor"))
        }
    }
}

fn read_rank(relation: &Fields, of: ClaimKind, words: &ClaimWords) -> Result<Relation, Fault> {
    let spread = relation.read("spread", |node| node.positive("spread", MOST_RATIO))?;
    match (spread, relation.get("first")) {
        (Some(at_least), None) if at_least > 1.0 => Ok(Relation::Spread { at_least }),
        (None, Some(_)) => {
            let (names, among) = first(relation, of, words)?;
            Ok(Relation::GainsMost { names, among })
        }
        _ => Err(relation.fault("a speed-up has either who is `first` or a `spread` above 1")),
    }
}

/// Returns the names of which one must be first, and the least number of competitors.
fn first(
    relation: &Fields,
    of: ClaimKind,
    words: &ClaimWords,
) -> Result<(Vec<String>, usize), Fault> {
    relation.require("first")?;
    let among = relation.read("among", |node| node.whole("among", LEAST_COMPETITORS..=1000))?;
    let names = names(relation, "first", of, words)?.unwrap_or_default();
    Ok((names, among.unwrap_or(LEAST_COMPETITORS)))
}

fn read_correlation(relation: &Fields) -> Result<Relation, Fault> {
    let node = relation.require("between")?;
    let between = node.distinct("between", Property::read)?;
    let &[one, other] = between.as_slice() else {
        return Err(node.unexpected("between", "two properties"));
    };
    let sign = Sign::read(relation.require("sign")?)?;
    match [one, other] {
        [Property::SpeedUp, with] | [with, Property::SpeedUp] if with.is_counted() => {
            Ok(Relation::GainRelated { with, sign })
        }
        between if between.iter().all(|one| Property::GROWING.contains(one)) => {
            Ok(Relation::Related { between, sign })
        }
        _ => Err(node.fault(
            "a speed-up correlates with `macs`, `parameters`, `parallelism` or `depthwise-share`, and \
             `macs`, `efficacy` and `latency` with each other",
        )),
    }
}

fn read_saved(relation: &Fields) -> Result<Relation, Fault> {
    let part = |node: &Node| {
        let word = node.text("kind of work")?;
        let known = InferencePart::ALL.map(InferencePart::label);
        let part = InferencePart::of_label(word);
        part.ok_or_else(|| node.fault(unknown("kind of work", word, &known)))
    };
    let by = relation.require("by")?.distinct("by", part)?;
    let above = relation.require("above")?.positive("above", 1.0)?;
    Ok(Relation::Saved { by, above })
}

impl Property {
    const NAMES: [&str; 7] =
        ["macs", "efficacy", "latency", "parameters", "parallelism", "depthwise-share", "speed-up"];
    /// Those that grow with the depth and width of a pattern.
    const GROWING: [Self; 3] = [Self::Macs, Self::HitRate, Self::Latency];

    /// Returns whether it follows from the architecture alone.
    fn is_counted(self) -> bool {
        matches!(self, Self::Macs | Self::Parameters | Self::Parallelism | Self::DepthwiseShare)
    }

    fn read(node: &Node) -> Result<Self, Fault> {
        match node.text("property")? {
            "macs" => Ok(Self::Macs),
            "efficacy" => Ok(Self::HitRate),
            "latency" => Ok(Self::Latency),
            "parameters" => Ok(Self::Parameters),
            "parallelism" => Ok(Self::Parallelism),
            "depthwise-share" => Ok(Self::DepthwiseShare),
            "speed-up" => Ok(Self::SpeedUp),
            other => Err(node.fault(unknown("property", other, &Self::NAMES))),
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Macs => "MACs",
            Self::HitRate => "L3 efficacy",
            Self::Latency => "latency",
            Self::Parameters => "parameters",
            Self::Parallelism => "parallelism",
            Self::DepthwiseShare => "depthwise share of MACs",
            Self::SpeedUp => "speed-up",
        })
    }
}

impl Sign {
    const NAMES: [&str; 3] = ["positive", "negative", "either"];

    fn read(node: &Node) -> Result<Self, Fault> {
        match node.text("sign")? {
            "positive" => Ok(Self::Positive),
            "negative" => Ok(Self::Negative),
            "either" => Ok(Self::Either),
            other => Err(node.fault(unknown("sign", other, &Self::NAMES))),
        }
    }
}
