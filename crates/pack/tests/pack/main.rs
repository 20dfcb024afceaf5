//! Packs made, damaged, changed, and added.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod damaged;
mod fixture;
mod hostile;
mod private;
mod research_object;
mod round_trip;
#[expect(dead_code, reason = "these tests print no truth")]
#[path = "../synthetic/mod.rs"]
mod synthetic;
