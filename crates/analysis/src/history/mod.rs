//! The same cell on the same host over versions of its engine and of formbench, and what changed with them.
//!
//! Owns what a cell is without its versions, which runs are compared, by what, and what counts as a change. How the
//! numbers of a run become a level, and levels a change, is in `formbench_statistics`.

mod by_version;
mod changes;
mod course;
mod host_scatter;
mod identity;
mod point;
mod release;
mod runs;
mod step;
mod yardstick;

pub use by_version::Versions;
pub use changes::{CellPast, Changes};
pub use course::{Course, CoursePlace, HistoryPanel};
pub use host_scatter::HostScatter;
pub use identity::CellIdentity;
pub use point::{OverBaseline, Point};
pub use release::Release;
pub use runs::VersionHistory;
pub use step::{StepVerdict, VersionStep};
pub use yardstick::NumberKind;
