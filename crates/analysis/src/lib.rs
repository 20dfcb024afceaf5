//! From a run's folder to numbers.
//!
//! Owns which blocks count, how blocks of two cells are paired, what a figure's rows say, the verdicts
//! on a study's claims and the agreement of two runs. Everything is a function of a run's data, and of
//! claims: no clock, no environment. Must not know how anything was measured or is drawn, nor Burn.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod absence;
pub mod agreement;
pub mod cells;
pub mod claim;
pub mod disturbance;
pub mod efficacy;
pub mod gpu;
pub mod images;
pub mod ladder;
pub mod narrowing;
pub mod number;
pub mod order;
pub mod origin;
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
pub mod text;
pub mod unit;
pub mod view;
pub mod x;

pub use absence::Absence;
pub use agreement::{Agreement, Compared, EngineAgreement, agreement};
pub use cells::{CellNumbers, Refused, cell_numbers};
pub use claim::{
    Count, Finding, KeptOutcome, KeptVerdicts, Measure, Met, Missed, Outcome, Verdict, VerdictKind,
    verdicts,
};
pub use disturbance::{DirtCounts, DirtyBlocks, ReasonCount, is_dirty};
pub use narrowing::Narrowing;
pub use origin::NetworkOrigin;
pub use roof::Roof;
pub use rounds::{Pairs, Rounds};
pub use row::{ArchitectureLabel, FoundWidth, Row};
pub use run::{BlockLatency, Run, read_run};
pub use series::Series;
pub use stand_in::StandIn;
pub use unit::Unit;
pub use view::View;
pub use x::X;
