//! How quiet this host is: what the kernel counts and what a loop of fixed work takes, over a minute.
//!
//! The judgement is a pure function of the numbers: [`CRITERIA`] holds every limit.

mod observed;
mod spread;
mod verdict;
mod watch;
mod work;

pub use observed::Observed;
pub use spread::Spread;
pub use verdict::{
    CRITERIA, Criterion, Grade, NoiseFinding, Quantity, advice, as_json, findings, verdict,
};
pub use watch::watch;
