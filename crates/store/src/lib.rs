//! A run on disk: Parquet through polars, one folder per run.
//!
//! Owns the tables and their columns ([`TABLES`]), how rows become durable, and how a folder is
//! read in whatever state a kill left it. Must not know Burn, plotters, YAML or statistics.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod attributes;
mod block_key;
mod cache;
mod cache_folder;
mod check;
mod column;
mod compaction;
mod contents;
mod durable;
mod error;
mod group;
mod input_shape;
mod lock;
mod operator;
mod parquet;
mod part;
mod provenance;
mod roofline;
mod row;
mod run;
mod run_copy;
mod run_folder;
mod sample;
mod table;
mod table_shape;
mod turn;
mod word;

pub use attributes::AttributesRow;
pub use block_key::BlockKey;
pub use cache::CacheRow;
pub use cache_folder::CacheFolder;
pub use check::CheckRow;
pub use column::{ColumnFacts, ColumnType};
pub use error::StoreError;
pub use input_shape::InputShape;
pub use lock::{DataLock, Holder};
pub use operator::OperatorRow;
pub use provenance::Provenance;
pub use roofline::RooflineRow;
pub use row::{
    BlockRow, CellRow, ExperimentRow, HostRow, MemberRow, RefusalRow, SampleRow, TABLES,
};
pub use run::{Latencies, Run};
pub use run_copy::RunCopy;
pub use run_folder::{RunFolder, finals};
pub use sample::Sample;
pub use table::TableFacts;
pub use table_shape::TableShape;
pub use turn::{Turn, TurnRow};
pub use word::{CacheSource, CellKind, MatchedCost, RooflineQuantity};
