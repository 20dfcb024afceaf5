//! Rows of latencies.

use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::{Bootstrap, Estimate, Found};
use formbench_store::{AttributesRow, CellKind, CellRow};

use crate::choice::{AccuracyPoint, Published, front, published, published_of, regret};
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

/// Section of rows whose network no other beats in both accuracy and latency.
pub const ON_THE_FRONT: &str = "on the front";
/// Section of the other rows.
pub const BEATEN: &str = "another is as accurate and faster";

/// Returns one row per cell of a network whose accuracy at the cell's images is published: that in percent, at its median
/// latency in ms as `x`. By section, [`ON_THE_FRONT`] of its series or [`BEATEN`], then by series and `x`.
pub fn accuracies(
    view: &View<'_>,
    cells: &[&CellRow],
    images: &UsualInputs,
    takes: impl Fn(&Published) -> bool,
) -> Vec<Row> {
    let published: Vec<Published> = published().into_iter().filter(takes).collect();
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let row = |cell: &&CellRow| {
        if cell.kind != CellKind::Network {
            return None;
        }
        let value = published_of(&published, &cell.name, cell.resolution)?.top1_percent;
        let row = in_ms(latency_ns(view, cell, index.of_engine(cell, None))?);
        let label = images.label(&cell.name, cell);
        let architecture =
            Some(ArchitectureLabel { kind: cell.kind, origin: view.origin(cell), label });
        let (x, section) = (Some(AxisValue::Number(row.value)), Some(BEATEN.to_owned()));
        Some(Row { section, architecture, x, value, low: value, high: value, ..row })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    rows.sort_by(|a, b| a.series.cmp(&b.series));
    for of_series in rows.chunk_by_mut(|a, b| a.series == b.series) {
        let points: Vec<AccuracyPoint<'_>> = of_series.iter().filter_map(point).collect();
        for at in front(&points) {
            of_series[at].section = Some(ON_THE_FRONT.to_owned());
        }
    }
    rows.sort_by(|a, b| {
        let key = |row: &Row| (row.section.as_deref() != Some(ON_THE_FRONT), row.series.clone());
        let x = |row: &Row| row.x.map_or(0.0, AxisValue::value);
        key(a).cmp(&key(b)).then(x(a).total_cmp(&x(b)))
    });
    rows
}

/// Returns by how much longer, in percent, inferences take of networks that were chosen for another engine: one row per pair, the engine
/// that networks are chosen for as group, the one that they are run on as series. `accuracies` are those of [`accuracies`].
pub fn regrets(accuracies: &[Row]) -> Vec<Row> {
    let series: BTreeSet<&Series> = accuracies.iter().map(|row| &row.series).collect();
    let of = |series: &Series| -> Vec<&Row> {
        accuracies.iter().filter(|row| row.series == *series).collect()
    };
    let mut rows = Vec::new();
    for chosen in &series {
        for run in &series {
            let (theirs, ours) = (of(chosen), of(run));
            let chosen_for: Vec<AccuracyPoint<'_>> =
                theirs.iter().copied().filter_map(point).collect();
            let run_on: Vec<AccuracyPoint<'_>> = ours.iter().copied().filter_map(point).collect();
            let Some(value) = regret(&chosen_for, &run_on) else { continue };
            let percent = 100.0 * (value - 1.0);
            let estimate = Estimate { value: percent, low: percent, high: percent };
            rows.push(Row {
                as_found: ours.iter().chain(&theirs).map(|row| row.as_found).sum(),
                rounds: ours.iter().chain(&theirs).map(|row| row.rounds).min().unwrap_or_default(),
                samples: ours.iter().map(|row| row.samples).sum(),
                ..Row::new(&chosen.label, (*run).clone(), estimate)
            });
        }
    }
    rows
}

fn point(row: &Row) -> Option<AccuracyPoint<'_>> {
    let latency_ms = row.x?.value();
    Some(AccuracyPoint { network: &row.group, top1_percent: row.value, latency_ms })
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
