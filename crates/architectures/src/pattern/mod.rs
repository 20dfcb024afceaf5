//! Macro-architecture design patterns: one block each, stacked alike.

pub(crate) mod bottleneck;
pub(crate) mod depthwise_bottleneck;
pub(crate) mod plain;
pub(crate) mod residual;

mod facts;
mod plan;
mod stack;

pub(crate) use facts::Pattern;
pub(crate) use plan::{Plan, Stage};
pub(crate) use stack::{Block, Stack};
