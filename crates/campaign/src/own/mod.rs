//! Models in files of one's own: what they are called, what they are given, and the experiment that compares engines on them.

mod error;
mod experiment;
mod file;
mod input;
mod names;
mod wishes;

pub use error::{CompareError, InputError};
pub use experiment::{Contest, OwnExperiment, engine_setting};
pub use file::{OwnFile, uncounted};
pub use names::{names, plain};
pub use wishes::InputWishes;
