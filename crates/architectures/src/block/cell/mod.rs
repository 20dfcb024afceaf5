//! Cells that a search has found: pairs of operations on earlier states, as data.

mod edge;
mod inputs;
mod manner;
mod projection;
mod wiring;

pub(crate) use edge::Edge;
pub(crate) use inputs::{Before, CellInputs};
pub(crate) use manner::Manner;
#[cfg(test)]
pub(crate) use wiring::defect;
pub(crate) use wiring::{Cell, Node};
