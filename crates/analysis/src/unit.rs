//! Units of a figure's values.

use serde::Serialize;

use crate::Row;
use crate::number::{alike, fixed};

/// Unit of a figure's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Baseline's latency over the accelerated one's.
    Ratio,
    /// Milliseconds.
    Ms,
    /// A share in percent.
    Percent,
    /// Spearman's rank correlation, from -1 to 1.
    RankCorrelation,
}

impl Unit {
    /// Returns what follows a number of this unit.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Ratio => "×",
            Self::Ms => " ms",
            Self::Percent => "\u{a0}%",
            Self::RankCorrelation => " r",
        }
    }

    /// Returns an estimate and the ends of its interval as texts, dashes where there is none.
    pub fn texts(self, row: &Row, digits: i32) -> [String; 3] {
        let values = [row.value, row.low, row.high];
        let [value, low, high] = match self {
            Self::RankCorrelation => values.map(|value| fixed(value, digits - 1)),
            Self::Percent => values.map(|value| fixed(value, 1)),
            _ => alike(values, digits),
        };
        if row.has_interval() {
            [value, low, high]
        } else {
            [value, "\u{2013}".to_string(), "\u{2013}".to_string()]
        }
    }
}
