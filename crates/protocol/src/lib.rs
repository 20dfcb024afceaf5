//! What crosses the pipe between the command and a worker: one JSON value per line, requests in, replies out.
//!
//! Owns the words both sides share. Must not know anything else of formbench: a worker in another
//! language implements exactly this.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod architecture;
mod array;
mod attributes;
mod cost_target;
mod description;
mod identity;
mod input;
mod interface;
mod job;
mod operator_class;
mod precision;
mod profile;
mod refusal;
mod reply;
mod request;
mod roofline;
mod user_file;
mod width;

pub use architecture::Architecture;
pub use array::{Array, Elements, Values};
pub use attributes::{Attributes, Inspection, Layer, Subject};
pub use cost_target::CostTarget;
pub use description::{
    ArchitectureInfo, ArchitectureKind, Description, EngineInfo, EngineKind, OptionInfo, Origin,
};
pub use identity::{Device, DeviceKind, Identity};
pub use input::{ElementType, Fill, Images, Input, InputTensor, Tensors};
pub use interface::{Declared, DeclaredSize, Interface, OutputCheck};
pub use job::{Job, Options};
pub use operator_class::{InferencePart, OperatorClass};
pub use precision::Precision;
pub use profile::{OperatorProfile, OperatorTime, ProfileRequest};
pub use refusal::{Refusal, RefusalKind};
pub use reply::{Exported, Output, Prepared, Reply, TakenBlock, WarmedUp};
pub use request::{BlockRequest, ExportRequest, Request, RooflineRequest, WarmUpRequest};
pub use roofline::{Roofline, Timed};
pub use user_file::UserFile;
pub use width::{NotAWidth, Width};

/// The engine whose logits every other engine must agree with, and the study's baseline on Burn.
pub const REFERENCE_ENGINE: &str = "burn/ndarray";

/// The engine that replaces [`REFERENCE_ENGINE`] for architectures in files: it reads them itself, and is part of every
/// build.
pub const FILE_REFERENCE_ENGINE: &str = "tract";

/// Image buffers that inferences take in turn, so that no engine can answer from the last call.
pub const BUFFERS: u32 = 2;

/// Classes of the logits of every network that is not a file.
pub const CLASSES: usize = 1000;

/// Environment variable that makes a worker seed its hash maps alike in every process.
pub const EQUAL_HASHES: &str = "FORMBENCH_EQUAL_HASHES";

/// Version of the harness, part of every cell's key.
pub const HARNESS_VERSION: &str = env!("CARGO_PKG_VERSION");
