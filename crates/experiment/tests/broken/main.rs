//! Every way to get an experiment wrong has a message that says where, what, and what to do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod contradictions;
mod files;
mod keys;
mod limits;
mod model_files;
mod names;
mod profiles;
mod sound;
mod texts;
mod values;
#[path = "../words/mod.rs"]
mod words;
