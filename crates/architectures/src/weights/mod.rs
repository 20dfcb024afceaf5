//! Deterministic weights: a function of architecture, parameter path and seed, on every backend.

mod distribution;
mod filler;

pub(crate) use filler::Weights;
