//! How long each operator of an engine takes, and which nodes of the graph it stands for.
//!
//! Owns how each engine's own profiler is asked, how its operators are matched with the graph's nodes, and what kind of work
//! each is. Must not know runs, nor how anything is drawn or printed.
mod error;
mod matching;
mod profile;
mod profiler;
mod script;
pub mod table;

pub use error::ProfileError;
pub use profile::{ClassShare, InferenceProfile, ProfiledOperator};
pub use profiler::{Profiler, SHOWN};
pub use script::OperatorScript;
