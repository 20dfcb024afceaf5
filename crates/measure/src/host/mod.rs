//! Everything that is read from `/proc` and `/sys`: what machine this is, how it is set, what it and one of
//! its processes went through.
//!
//! Each number is absent where the system does not show it. On systems without `/proc` all are.

mod affinity;
mod change;
mod cpuinfo;
mod machine;
mod memory;
mod microarchitecture;
mod names;
mod pinning;
mod pressure;
mod probe;
mod process;
mod processors;
mod quota;
mod sensors;
mod settings;
mod speed;

pub use affinity::{AllowedProcessors, ProcessorSet};
pub use change::{Change, HostCounters};
pub use machine::{Host, short_hash};
pub use memory::{available_memory, limit_memory};
pub use names::private_names;
pub use pinning::{clear_pinning, pinning_variables};
pub use probe::{BlockEnvironment, HostProbe, ProbeStart};
pub use processors::load_1m;
pub use quota::quota;
pub use sensors::{frequency_khz, governor, has_siblings};
pub use settings::{Settings, changes_timings};
pub use speed::{Pages, SpeedProbe};
