//! How inferences use last-level caches.

use std::collections::BTreeSet;

use formbench_statistics::{Estimate, cache_hit_rate};
use formbench_store::{CacheRow, CacheSource, CellRow};

use crate::number::grouped;
use crate::rows::sort_by_panel;
use crate::series::SeriesIndex;
use crate::text::sentence;
use crate::usual_inputs::UsualInputs;
use crate::view::View;
use crate::{ArchitectureLabel, AxisValue, Row};

const BYTES_PER_MIB: u64 = 1 << 20;
const BYTES_PER_KIB: u64 = 1 << 10;

/// A last-level cache that figures tell from others: simulated ones first, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastLevelCache {
    is_counted: bool,
    bytes: u64,
}

impl LastLevelCache {
    /// Returns the cache that a row is about.
    pub fn of(row: &CacheRow) -> Self {
        Self { is_counted: row.source == CacheSource::Counters, bytes: row.cache_bytes }
    }

    /// Returns its size and source, such as `4 MiB, simulated`.
    pub fn label(self) -> String {
        let Self { is_counted, bytes } = self;
        let source = if is_counted { "counted" } else { "simulated" };
        format!("{}, {source}", size(bytes))
    }
}

/// Returns the share of references that the last level serves, in percent; nothing without any.
pub fn percent_served(row: &CacheRow) -> Option<f64> {
    cache_hit_rate(row.llc_references, row.llc_misses).map(|share| 100.0 * share)
}

/// Returns the caches that anything is known of for cells.
pub fn last_levels(view: &View<'_>, cells: &[&CellRow]) -> BTreeSet<LastLevelCache> {
    let rows = cells.iter().flat_map(|cell| view.run.caches_of(cell));
    rows.map(LastLevelCache::of).collect()
}

/// Returns one row per cell and last-level cache, in percent, with the weights' bytes over the cache's as `x`. By
/// cache, then by name in the order of panels, series and `x`.
pub fn hit_rates(view: &View<'_>, cells: &[&CellRow], images: &UsualInputs) -> Vec<Row> {
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let of_cache = |last_level: LastLevelCache| {
        let row = |cell: &&CellRow| {
            let rows = view.run.caches_of(cell);
            let row = rows.into_iter().find(|row| LastLevelCache::of(row) == last_level)?;
            let value = percent_served(row)?;
            let weights = view.run.attributes_of(cell)?.weight_bytes as f64;
            let label = images.label(&cell.architecture(), cell);
            let estimate = Estimate { value, low: value, high: value };
            Some(Row {
                section: Some(last_level.label()),
                architecture: Some(ArchitectureLabel {
                    kind: cell.kind,
                    origin: view.origin(cell),
                    label,
                }),
                x: Some(AxisValue::Number(weights / last_level.bytes as f64)),
                ..Row::new(&cell.name, index.of_engine(cell, None), estimate)
            })
        };
        let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
        sort_by_panel(&mut rows);
        rows
    };
    last_levels(view, cells).into_iter().flat_map(of_cache).collect()
}

/// Returns how the caches of cells were simulated or counted, for a caption, each way once.
pub fn sources(view: &View<'_>, cells: &[&CellRow]) -> String {
    let rows: Vec<&CacheRow> = cells.iter().flat_map(|cell| view.run.caches_of(cell)).collect();
    let (counted, simulated): (Vec<&CacheRow>, Vec<_>) =
        rows.into_iter().partition(|row| LastLevelCache::of(row).is_counted);
    let sentences = [simulations(&simulated), counters(&counted)];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn simulations(rows: &[&CacheRow]) -> Option<String> {
    let first = rows.first()?;
    let geometry = |row: &&CacheRow| (row.cache_bytes, row.associativity.unwrap_or_default());
    let caches: BTreeSet<(u64, u32)> = rows.iter().map(geometry).collect();
    let caches = caches.into_iter().map(|(bytes, ways)| format!("{} in {ways} ways", size(bytes)));
    let code = distinct(rows, |row| row.instruction_set.as_str());
    let code = if code.is_empty() { String::new() } else { format!(", {code} code") };
    Some(sentence(&format!(
        "simulated by {}: last level of {} behind first levels of {} for instructions and for data, \
         lines of {} bytes, the least recently used replaced, nothing fetched ahead{code}",
        distinct(rows, |row| row.tool.as_str())
            + " "
            + &distinct(rows, |row| row.tool_version.as_str()),
        caches.collect::<Vec<_>>().join(", "),
        size(first.l1_bytes.unwrap_or_default()),
        first.line_bytes.unwrap_or_default(),
    )))
}

fn counters(rows: &[&CacheRow]) -> Option<String> {
    let first = rows.first()?;
    Some(sentence(&format!(
        "counted by this processor\u{2019}s own counters ({}, Linux {}), reads of its last level of {} \
         over {} inferences",
        first.tool,
        first.tool_version,
        size(first.cache_bytes),
        grouped(first.inferences as usize),
    )))
}

/// Returns the distinct texts of rows, empty ones left out.
fn distinct<'a>(rows: &[&'a CacheRow], text: impl Fn(&'a CacheRow) -> &'a str) -> String {
    let texts: BTreeSet<&str> = rows.iter().map(|row| text(row)).collect();
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(" or ")
}

fn size(bytes: u64) -> String {
    if bytes >= BYTES_PER_MIB {
        format!("{}\u{a0}MiB", bytes / BYTES_PER_MIB)
    } else {
        format!("{}\u{a0}KiB", bytes / BYTES_PER_KIB)
    }
}
