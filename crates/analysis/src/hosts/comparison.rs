use formbench_statistics::Found;
use serde::Serialize;

use crate::agreement::{Definition, SpeedUp};
use crate::row::LEAST_ROUNDS;

/// What is compared on every host: the definition of a comparison, and the versions of its engines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct VersionedComparison {
    pub(super) definition: Definition,
    pub(super) baseline_version: String,
    pub(super) engine_version: String,
}

impl VersionedComparison {
    pub(super) fn of(definition: Definition, speed_up: &SpeedUp) -> Self {
        let [baseline_version, engine_version] = speed_up.versions.clone();
        Self { definition, baseline_version, engine_version }
    }
}

/// A speed-up on a host.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HostSpeedUp {
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Rounds of both sides.
    pub rounds: u32,
    /// Whether it is as found, on a busy host.
    pub as_found: bool,
    /// Variance of its logarithm for the error of measuring.
    pub log_variance: f64,
}

impl HostSpeedUp {
    /// Returns whether it deserves doubt: measured on a busy host, or in too few rounds.
    pub fn is_doubtful(&self) -> bool {
        self.as_found || (self.rounds as usize) < LEAST_ROUNDS
    }
}

impl From<&SpeedUp> for HostSpeedUp {
    fn from(speed_up: &SpeedUp) -> Self {
        Self {
            value: speed_up.estimate.value,
            low: speed_up.estimate.low,
            high: speed_up.estimate.high,
            rounds: speed_up.rounds as u32,
            as_found: speed_up.found == Found::AsFound,
            log_variance: speed_up.log_variance,
        }
    }
}
