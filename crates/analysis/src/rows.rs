//! Rows of latencies.

use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Estimate, Found};
use formbench_store::{AttributesRow, CellRow};

use crate::order::pattern_order;
use crate::series::SeriesIndex;
use crate::usual_inputs::UsualInputs;
use crate::view::View;
use crate::{ArchitectureLabel, AxisValue, Row, Series};

const NS_PER_MS: f64 = 1e6;

/// Returns one row per cell, in milliseconds, with its depth or width as `x`. By name in the
/// order of panels, series and `x`.
pub fn latencies(
    view: &View<'_>,
    cells: &[&CellRow],
    x: impl Fn(&CellRow) -> Option<AxisValue>,
) -> Vec<Row> {
    let index = SeriesIndex::new(cells.iter().map(|cell| (*cell, None)));
    let row = |cell: &&CellRow| {
        let row = latency_ns(view, cell, index.of(cell, None))?;
        Some(Row { x: x(cell), ..in_ms(row) })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    sort_by_panel(&mut rows);
    rows
}

/// Returns one row per cell of networks, in milliseconds, called by their images where those are
/// unusual. Shortest first by the best of a network, ties by name; then by series.
pub fn network_latencies(view: &View<'_>, cells: &[&CellRow], images: &UsualInputs) -> Vec<Row> {
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let row = |cell: &&CellRow| {
        let row = latency_ns(view, cell, index.of_engine(cell, None))?;
        Some(Row { group: images.label(&cell.name, cell), ..in_ms(row) })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    sort_by_best(&mut rows, |row| row.value);
    rows
}

fn in_ms(row: Row) -> Row {
    let [value, low, high] = [row.value, row.low, row.high].map(|ns| ns / NS_PER_MS);
    Row { value, low, high, ..row }
}

/// Returns one row per cell of which it is known what its architecture costs: what `quantity` makes
/// of that and of the latency in nanoseconds, at what `x` makes of it. Patterns come first.
pub fn by_cost(
    view: &View<'_>,
    cells: &[(&CellRow, &AttributesRow)],
    images: &UsualInputs,
    x: impl Fn(&AttributesRow) -> AxisValue,
    quantity: impl Fn(&AttributesRow, Estimate) -> Estimate,
) -> Vec<Row> {
    let index = SeriesIndex::of_engines(cells.iter().map(|(cell, _)| (*cell, None)));
    let row = |(cell, attributes): &(&CellRow, &AttributesRow)| {
        let row = latency_ns(view, cell, index.of_engine(cell, None))?;
        let ns = Estimate { value: row.value, low: row.low, high: row.high };
        let Estimate { value, low, high } = quantity(attributes, ns);
        let label = images.label(&cell.architecture(), cell);
        let architecture =
            Some(ArchitectureLabel { kind: cell.kind, origin: view.origin(cell), label });
        Some(Row { architecture, x: Some(x(attributes)), value, low, high, ..row })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    sort_by_panel(&mut rows);
    rows.sort_by_key(Row::origin);
    rows
}

/// Returns the row of a cell's latency in nanoseconds.
fn latency_ns(view: &View<'_>, cell: &CellRow, series: Series) -> Option<Row> {
    let rounds = view.rounds(cell);
    Some(Row {
        rounds: rounds.len(),
        samples: rounds.samples,
        as_found: usize::from(rounds.found == Found::AsFound),
        ..Row::new(&cell.name, series, Bootstrap::default().latency(&rounds.medians_ns)?)
    })
}

/// Sorts rows by name in the order of panels, series and `x`.
pub fn sort_by_panel(rows: &mut [Row]) {
    rows.sort_by(|a, b| {
        let key = |row: &Row| (pattern_order(&row.group), row.group.clone(), row.series.clone());
        let x = |row: &Row| row.x.map_or(0.0, AxisValue::value);
        key(a).cmp(&key(b)).then_with(|| x(a).total_cmp(&x(b)))
    });
}

/// Sorts rows by the geometric mean over sections of the largest value of their group, the largest first, then by
/// group and series.
pub fn sort_by_mean_of_best(rows: &mut [Row]) {
    let mut best: BTreeMap<(String, Option<String>), f64> = BTreeMap::new();
    for row in rows.iter() {
        let most = best.entry((row.group.clone(), row.section.clone())).or_insert(row.value);
        *most = most.max(row.value);
    }
    let mut logs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for ((group, _), most) in best {
        logs.entry(group).or_default().push(most.ln());
    }
    sort_by_best(rows, |row| {
        let logs = &logs[&row.group];
        -logs.iter().sum::<f64>() / logs.len() as f64
    });
}

/// Sorts rows by the least `rank` of their group, then by group and series.
pub fn sort_by_best(rows: &mut [Row], rank: impl Fn(&Row) -> f64) {
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
