//! What comes with more of what: rank correlations over architectures.

mod attributes;
mod caches;

pub(crate) use attributes::LEAST_ARCHITECTURES;
pub use attributes::attributes_speed_up;
pub use caches::macs_cache_latency;
