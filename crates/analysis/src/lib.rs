//! From a run's folder to numbers.
//!
//! Owns which blocks count, how blocks of two cells are paired, what a figure's rows show, the
//! verdicts on a study's claims and the agreement of two runs. Everything is a function of a run's
//! data, and of claims: no clock, no environment. Must not know how anything was measured or is
//! drawn, nor Burn.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod absence;
pub mod agreement;
pub mod anatomy;
pub mod axis_value;
pub mod cells;
pub mod choice;
pub mod claim;
pub mod comparison;
pub mod correlation;
mod cost;
pub mod disturbance;
pub mod figure_numbers;
pub mod gpu;
pub mod head_to_head;
pub mod history;
pub mod hit_rate;
pub mod hosts;
pub mod ladder;
pub mod narrowing;
pub mod number;
pub mod order;
pub mod origin;
pub mod prediction;
mod profile_account;
mod quiet;
pub mod results;
mod results_csv;
pub mod roof;
pub mod rounds;
pub mod row;
pub mod rows;
pub mod run;
pub mod series;
pub mod set;
pub mod slice;
pub mod speed_ups;
pub mod stand_in;
pub mod steps;
pub mod summary;
pub mod text;
pub mod unit;
pub mod usual_inputs;
pub mod view;

pub use absence::{Absence, AbsenceKind};
pub use agreement::{Agreement, Compared, EngineAgreement, MeanRatios, agreement};
pub use axis_value::AxisValue;
pub use cells::{CellNumbers, Refused, cell_numbers};
pub use claim::{
    CommittedOutcome, CommittedVerdicts, Count, Final, Finding, Measure, Mismatch, Outcome,
    Question, Reproduction, Verdict, VerdictKind, finals, find, verdicts,
};
pub use cost::ArchitectureCost;
pub use disturbance::{DisturbanceCounts, DisturbedBlocks, ReasonCount, is_disturbed};
pub use head_to_head::HeadToHead;
pub use narrowing::Narrowing;
pub use origin::NetworkOrigin;
pub use profile_account::{PROFILE_ACCOUNTS, ProfileAccount, profile_accounts};
pub use results_csv::{RESULTS, results_csv};
pub use roof::Roof;
pub use rounds::{Pairs, Rounds};
pub use row::{ArchitectureLabel, FoundWidth, Row};
pub use run::{BlockLatency, Run, TurnLatency, quiet_level, read_run};
pub use series::Series;
pub use stand_in::StandIn;
pub use summary::RunSummary;
pub use unit::Unit;
pub use view::View;
