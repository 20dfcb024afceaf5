//! One file per figure, their tables, and the page that shows them.
//!
//! Owns what a reader sees: which numbers a figure states, how it looks, what its caption admits.
//! Everything is a function of a run's data: no clock, no environment, equal bytes from equal data.
//! Must not know how anything was measured, nor Burn.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod absence;
mod block_latency;
mod canvas;
mod caption;
mod error;
mod figure;
mod figure_table;
mod images;
mod ladder;
mod number;
mod origin;
mod page;
mod plot;
mod render;
mod roof;
mod rounds;
mod rows;
mod self_test;
mod series;
mod set;
mod slice;
mod speed_ups;
mod stand_in;
mod theme;
mod view;
mod x;

pub use absence::Absence;
pub use block_latency::{BlockLatency, Run, read_run};
pub use error::ReportError;
pub use figure::{FIGURES, FigureEntry};
pub use figure_table::{ArchitectureLabel, FigureTable, FoundWidth, Row, Unit};
pub use origin::NetworkOrigin;
pub use render::{render, tables};
pub use roof::Roof;
pub use rounds::{Pairs, Rounds};
pub use self_test::Check;
pub use series::Series;
pub use stand_in::StandIn;
pub use view::View;
pub use x::X;
