//! How much a pack may ask of who adds it. A hostile pack costs an error and not a disk or the memory.
//!
//! Nothing in a pack is compressed by zip, so its files are never larger than itself. Parquet compresses: its row groups
//! are bounded by what they declare.

/// Bytes of a pack. The largest committed run takes 1.2 MB; a thousand times that fits the address space of zip without
/// its 64-bit form.
pub const MOST_BYTES: u64 = 2 << 30;

/// Files of a pack. A run has 13 tables, each of its finals as many, and a few dozen experiments.
pub const MOST_FILES: usize = 2_000;

/// Bytes of a file that is no table: what describes a pack takes many times its length in memory. Numbers of 100 000 cells
/// take 20 MB.
pub const MOST_TEXT_BYTES: u64 = 32 << 20;

/// Rows of a row group. formbench writes 131 072.
pub const MOST_GROUP_ROWS: u64 = 1 << 18;

/// Bytes of a row group once it is no longer compressed. A group of samples takes 4 MB, one of blocks 50 MB.
pub const MOST_GROUP_BYTES: u64 = 1 << 28;

/// Rows of a table. Twelve hours of inferences of a millisecond are 43 million.
pub const MOST_ROWS: u64 = 100_000_000;
