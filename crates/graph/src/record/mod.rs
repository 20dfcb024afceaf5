//! The recording backend: a router whose client keeps operations instead of running them.
//!
//! What depends on the input is logged; everything else is computed at once and is a constant.
//! After the forward pass the log is lowered, operation by operation, to a [`Draft`], from which
//! patterns and names make the graph.

mod channel;
mod client;
mod constant;
mod context;
mod device;
mod draft;
mod folding;
mod interruption;
mod lower;
mod names;
mod naming;
mod operation;
mod place;
mod recorder;

pub use channel::Recording;
pub use device::RecordingDevice;
pub use recorder::GraphRecorder;

pub(crate) use client::new_id;
pub(crate) use constant::{Constant, Origin};
pub(crate) use draft::{Draft, DraftNode};
