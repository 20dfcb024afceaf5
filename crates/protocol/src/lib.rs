//! What crosses the pipe between the command and a worker: one JSON value per line, requests in, replies out.
//!
//! Owns the words both sides share. Must not know anything else of formbench: a worker in another
//! language implements exactly this.

mod architecture;
mod attributes;
mod description;
mod identity;
mod job;
mod precision;
mod refusal;
mod reply;
mod request;
mod roofline;

pub use architecture::Architecture;
pub use attributes::{Attributes, Inspection, Layer, Subject};
pub use description::{
    ArchitectureInfo, ArchitectureKind, Description, EngineInfo, EngineKind, OptionInfo,
};
pub use identity::{Device, DeviceKind, Identity};
pub use job::{Input, Job, Options};
pub use precision::Precision;
pub use refusal::{Refusal, RefusalKind};
pub use reply::{Exported, Prepared, Reply, TakenBlock, WarmedUp};
pub use request::{BlockRequest, ExportRequest, Request, RooflineRequest, WarmUpRequest};
pub use roofline::{Roofline, Timed};

/// The engine whose logits every other engine must agree with, and the study's baseline on Burn.
pub const REFERENCE_ENGINE: &str = "burn/ndarray";

/// Classes of every network's logits.
pub const CLASSES: usize = 1000;

/// Version of the harness, part of every cell's key.
pub const HARNESS_VERSION: &str = env!("CARGO_PKG_VERSION");
