use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Estimate, Pair};
use formbench_store::CellRow;

use crate::Row;
use crate::series::SeriesIndex;
use crate::theme::pattern_order;
use crate::view::{Comparison, View};

const NS_PER_MS: f64 = 1e6;

/// Returns one row per architecture name and series: the geometric mean over its cells of their
/// speed-ups. Largest first by the best of a name, ties by name; then by series.
pub(crate) fn speed_ups(view: &View<'_>, comparisons: &[Comparison<'_>]) -> Vec<Row> {
    let sides = comparisons.iter().map(|pair| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::new(sides.clone());
    let mut marks: BTreeMap<_, Vec<Vec<Pair<'_>>>> = BTreeMap::new();
    for (comparison, (cell, baseline)) in comparisons.iter().zip(sides) {
        let mark = (cell.name.as_str(), index.of(cell, baseline));
        marks.entry(mark).or_default().push(view.pairs(*comparison));
    }
    let row = |((name, series), mut cells): ((&str, _), Vec<Vec<Pair<'_>>>)| {
        let cells_asked = cells.len();
        cells.retain(|pairs| !pairs.is_empty());
        let estimate = Bootstrap::default().mean_speed_up(&cells)?;
        let samples = cells.iter().flatten().map(|(a, b)| a.len() + b.len()).sum();
        Some(Row {
            cells_asked,
            cells: cells.len(),
            rounds: cells.iter().map(Vec::len).min().unwrap_or_default(),
            samples,
            ..Row::new(name, series, estimate)
        })
    };
    let mut rows: Vec<Row> = marks.into_iter().filter_map(row).collect();
    sort_by_best(&mut rows, |row| -row.value);
    rows
}

/// Returns one row per cell, in milliseconds, with its depth or width as `x`. By name in the
/// order of panels, series and `x`.
pub(crate) fn latencies(
    view: &View<'_>,
    cells: &[&CellRow],
    x: impl Fn(&CellRow) -> Option<u32>,
) -> Vec<Row> {
    let index = SeriesIndex::new(cells.iter().map(|cell| (*cell, None)));
    let row = |cell: &&CellRow| {
        let rounds = view.rounds(cell);
        let ns = Bootstrap::default().latency(&rounds)?;
        let [value, low, high] = [ns.value, ns.low, ns.high].map(|ns| ns / NS_PER_MS);
        Some(Row {
            x: x(cell),
            rounds: rounds.len(),
            samples: rounds.iter().map(|round| round.len()).sum(),
            ..Row::new(&cell.name, index.of(cell, None), Estimate { value, low, high })
        })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    rows.sort_by_cached_key(|row| {
        (pattern_order(&row.group), row.group.clone(), row.series.clone(), row.x)
    });
    rows
}

/// Sorts rows by the least `rank` of their group, then by group and series.
pub(crate) fn sort_by_best(rows: &mut [Row], rank: impl Fn(&Row) -> f64) {
    let mut best: BTreeMap<String, f64> = BTreeMap::new();
    for row in rows.iter() {
        let least = best.entry(row.group.clone()).or_insert(f64::INFINITY);
        *least = least.min(rank(row));
    }
    rows.sort_by(|a, b| {
        let by_rank = best[&a.group].total_cmp(&best[&b.group]);
        by_rank.then_with(|| (&a.group, &a.series).cmp(&(&b.group, &b.series)))
    });
}

impl Row {
    /// Returns the row of one cell.
    pub(crate) fn new(group: &str, series: crate::Series, estimate: Estimate) -> Self {
        let Estimate { value, low, high } = estimate;
        let group = group.to_string();
        Self {
            group,
            series,
            x: None,
            value,
            low,
            high,
            cells: 1,
            cells_asked: 1,
            rounds: 0,
            samples: 0,
        }
    }
}
