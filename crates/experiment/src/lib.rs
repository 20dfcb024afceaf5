//! YAML in, validated cells out: what an experiment asks, how long a profile takes over it, and the
//! plan of one run.
//!
//! Owns the experiment files' format; nothing else in formbench reads YAML. What the files may name
//! comes in as a [`Vocabulary`], so this crate must not know Burn, the store or the figures.

mod architecture_row;
mod budget;
mod cache_sizes;
mod cell;
mod claim;
mod comparison;
mod document;
mod engine_setting;
mod equal_cost;
mod error;
mod exclusion;
mod experiment;
mod fields;
mod files;
mod filter;
mod input;
mod node;
mod onnx_file;
mod option;
mod plan;
mod profile;
mod question;
mod threads;
mod user_file;
mod vocabulary;

pub use architecture_row::ArchitectureRow;
pub use budget::{Budget, BudgetOverride};
pub use cell::Cell;
pub use claim::{
    Claim, ClaimCells, ClaimCheck, ClaimKind, ClaimWords, Claimant, Claims, Interpretation,
    Property, Relation, Sign, parse_claims, read_claims,
};
pub use comparison::{Comparison, comparisons};
pub use engine_setting::EngineSetting;
pub use error::{ExperimentError, Location};
pub use exclusion::{Exclusion, ExclusionSubject};
pub use experiment::{Experiment, parse_experiment, read_experiment};
pub use files::{PROFILES, claims_files, experiment_files};
pub use filter::Filter;
pub use plan::{Extent, Member, Plan, PlannedExperiment};
pub use profile::{Profile, Profiles, parse_profiles, read_profiles};
pub use question::question_in;
pub use threads::AskedThreads;
pub use user_file::user_file;
pub use vocabulary::{EngineWords, FitWidth, OptionWords, Vocabulary};
