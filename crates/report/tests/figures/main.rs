//! What the figures and the pages of an imagined run show.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod anatomy;
mod caches;
mod drawn;
#[path = "../imagined/mod.rs"]
mod imagined;
#[path = "../imagined/caches.rs"]
mod imagined_caches;
mod left_out;
mod said;
