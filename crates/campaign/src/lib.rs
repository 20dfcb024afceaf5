//! From a plan to a finished run's folder.
//!
//! Owns planning, the cells' place in a run's folder, what earlier runs cost and what a plan is
//! predicted to cost, what is looked at once before anything is timed, what is known of caches, and how architectures
//! and files of one's own are named on a command line.
//! Must not know how anything is drawn or printed: lines for people go to a function that the caller
//! gives.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod architecture;
mod attribute_cache;
pub mod caches;
mod claims;
mod costs;
mod date;
mod earlier_runs;
mod error;
mod finals;
pub mod own;
mod planned;
mod prediction;
mod preflight;
mod profiles;
mod recorder;
mod rows;
mod run_folders;

pub use attribute_cache::AttributeCache;
pub use claims::{claims, verdicts};
pub use costs::costs;
pub use date::today;
pub use earlier_runs::EarlierRuns;
pub use error::CampaignError;
pub use finals::Finals;
pub use planned::{PlanRequest, Planned, describe, experiments, vocabulary};
pub use prediction::{Done, Prediction, TimeSpent, time};
pub use preflight::look;
pub use profiles::profile_run;
pub use recorder::FolderRecorder;
pub use run_folders::{earlier_runs, latest_run, open_or_create, profiled_runs, runs};

/// Takes a line for people: progress, advice, what was skipped.
pub type Notice<'a> = &'a dyn Fn(&str);
