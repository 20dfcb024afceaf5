//! The command driven end to end with a fake engine: exact assertions, no Burn.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bad_input;
mod documents;
mod fixture;
mod interruption;
mod looking;
mod measuring;
mod own_file;
mod refusals;
mod tables;
