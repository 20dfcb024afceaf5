//! Hosts side by side: what differs between machines, over any number of runs.
//!
//! Of each run little is kept, so that hundreds fit in memory. A host is a kind of machine: runs of one fingerprint are of
//! one host. Engines of other versions are other engines.

mod agreement;
mod block;
mod collector;
mod comparison;
mod family;
mod parts;
mod reading;
mod run_of_host;
mod side_by_side;
mod verdicts;

pub use agreement::{HostOrder, HostPair, MOST_HOSTS_IN_PAIRS, MOST_HOSTS_WITH_INTERVALS};
pub use collector::HostCollector;
pub use comparison::HostSpeedUp;
pub use family::{HostFamily, HostSpread, PlacedSpeedUp};
pub use parts::{HostPart, HostParts, LEAST_HOSTS_FOR_INTERVALS};
pub use reading::{PassedOver, side_by_side};
pub use run_of_host::RunOfHost;
pub use side_by_side::{HostFacts, SideBySide};
pub use verdicts::{HostVerdict, HostVerdicts};

#[cfg(test)]
mod tests;
