//! One file per figure, and the pages that show them and the verdicts, in Markdown and in HTML.
//!
//! Owns what a reader sees: which numbers a figure states, how it looks, what its caption admits.
//! Everything is a function of a run's data, and of claims: no clock, no environment, equal bytes
//! from equal data. Must not know how anything was measured, nor Burn.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod across;
mod agreement_page;
mod canvas;
mod caption;
mod content;
mod error;
mod figure;
mod figure_table;
mod history;
mod hosts;
mod html;
mod markdown;
mod page;
mod plot;
mod readme;
mod render;
mod rendered_figure;
mod theme;
mod verdicts_page;

pub use across::across;
pub use agreement_page::agreement_page;
pub use error::ReportError;
pub use figure::{FIGURES, FigureEntry, RENAMED, present_name};
pub use figure_table::FigureTable;
pub use history::history;
pub use hosts::render_hosts;
pub use html::{Links, Supplement, VerdictRow};
pub use readme::{Committed, CommittedRun, MarkerError, readme};
pub use render::{render, tables};
pub use verdicts_page::verdicts_page;
