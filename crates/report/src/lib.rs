//! One file per figure, their tables, the pages that show them, in Markdown and in HTML, and the
//! verdicts on a study's claims.
//!
//! Owns what a reader sees: which numbers a figure states, how it looks, what its caption admits.
//! Everything is a function of a run's data, and of claims: no clock, no environment, equal bytes
//! from equal data.
//! Must not know how anything was measured, nor Burn.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod absence;
mod against;
mod block_latency;
mod canvas;
mod caption;
mod cells;
mod claim;
mod content;
mod dirt;
mod drawn;
mod efficacy;
mod error;
mod figure;
mod figure_numbers;
mod figure_table;
mod gpu;
mod html;
mod images;
mod ladder;
mod narrowing;
mod number;
mod origin;
mod page;
mod plot;
mod render;
mod roof;
mod rounds;
mod row;
mod rows;
mod self_test;
mod series;
mod set;
mod slice;
mod speed_ups;
mod stand_in;
mod theme;
mod unit;
mod view;
mod x;

pub use absence::Absence;
pub use against::{Agreement, Compared, EngineAgreement, agreement, agreement_page};
pub use block_latency::{BlockLatency, Run, read_run};
pub use cells::{CellNumbers, Refused, cell_numbers};
pub use claim::{
    Count, Finding, KeptOutcome, KeptVerdicts, Measure, Met, Missed, Outcome, Verdict, VerdictKind,
    verdicts, verdicts_page,
};
pub use dirt::{DirtCounts, DirtyBlocks, ReasonCount, is_dirty};
pub use error::ReportError;
pub use figure::{FIGURES, FigureEntry};
pub use figure_table::FigureTable;
pub use html::{DirtyRow, Links, SelfTestRow, Supplement, VerdictRow};
pub use narrowing::Narrowing;
pub use origin::NetworkOrigin;
pub use render::{render, tables};
pub use roof::Roof;
pub use rounds::{Pairs, Rounds};
pub use row::{ArchitectureLabel, FoundWidth, Row};
pub use self_test::Check;
pub use series::Series;
pub use stand_in::StandIn;
pub use unit::Unit;
pub use view::View;
pub use x::X;
