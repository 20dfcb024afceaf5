//! What other crates may rely on: one binary, so that polars is linked once.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod damage;
mod fixture;
mod interruption;
mod kill;
mod lock;
mod round_trip;
mod run_folder;
mod schema;
