//! Engines that stand in for an absent baseline.

use std::fmt;

use serde::Serialize;

/// An engine that figures compare with in place of one that is absent here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StandIn {
    /// The engine that was measured.
    pub engine: String,
    /// The baseline that the experiment asks for.
    pub baseline: String,
}

impl fmt::Display for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} stands in for {}, which is absent here.", self.engine, self.baseline)
    }
}
