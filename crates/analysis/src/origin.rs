//! Where a network comes from.

use formbench_protocol::Origin;
use formbench_store::AttributesRow;
use serde::Serialize;

/// Where a network comes from: what figures tell networks apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkOrigin {
    /// People decided its layers.
    HandDesigned,
    /// A search decided its layers.
    Searched,
    /// It is a file, of which nothing else is known.
    FromOutside,
    /// The run does not state it.
    Unknown,
}

impl NetworkOrigin {
    /// Every origin, in the order of figures.
    pub const ALL: [Self; 4] =
        [Self::HandDesigned, Self::Searched, Self::FromOutside, Self::Unknown];

    /// Returns the origin that a row of attributes states.
    pub fn of(attributes: &AttributesRow) -> Self {
        match attributes.origin {
            Some(Origin::HandDesigned) => Self::HandDesigned,
            Some(Origin::Searched) => Self::Searched,
            None => Self::Unknown,
        }
    }

    /// Returns the name that tables carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::HandDesigned => "hand-designed",
            Self::Searched => "searched",
            Self::FromOutside => "from outside",
            Self::Unknown => "unknown origin",
        }
    }

    /// Returns what legends call such networks.
    pub fn networks(self) -> &'static str {
        match self {
            Self::HandDesigned => "hand-designed networks",
            Self::Searched => "searched networks",
            Self::FromOutside => "networks from outside",
            Self::Unknown => "networks",
        }
    }
}
