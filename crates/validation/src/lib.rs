//! Does formbench measure right?
//!
//! Owns every way to find out: our timings beside those of engines' own tools (fidelity), logits beside
//! a reference engine's (parity), the harness on what is known (self-test, on a simulated machine too),
//! and how quiet a host is (noise). Must not know figures, nor print anything.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod fidelity;
pub mod noise;
pub mod parity;
pub mod selftest;
mod simulated_machine;

pub use simulated_machine::{Noise, SimulatedMachine};
