use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::{Bootstrap, Estimate, Pair};
use formbench_store::{AttributesRow, CellRow};

use crate::series::{SeriesIndex, conditions};
use crate::theme::pattern_order;
use crate::view::{Comparison, View};
use crate::{ArchitectureLabel, Row, Series, X};

const NS_PER_MS: f64 = 1e6;

/// Returns one row per architecture name and series: the geometric mean over its cells of their
/// speed-ups. Largest first by the best of a name, ties by name; then by series.
pub(crate) fn speed_ups(view: &View<'_>, comparisons: &[Comparison<'_>]) -> Vec<Row> {
    let sides = comparisons.iter().map(|pair| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::new(sides.clone());
    let series: Vec<_> = sides.map(|(cell, baseline)| (index.of(cell, baseline), None)).collect();
    mean_speed_ups(view, comparisons, &series)
}

/// Name of a pattern or network, series and step.
type Mark<'a> = (&'a str, &'a (Series, Option<u64>));

/// Returns the rows of `speed_ups` for comparisons whose series, and step of a ladder, are given.
pub(crate) fn mean_speed_ups(
    view: &View<'_>,
    comparisons: &[Comparison<'_>],
    series: &[(Series, Option<u64>)],
) -> Vec<Row> {
    let mut marks: BTreeMap<Mark<'_>, Vec<Vec<Pair<'_>>>> = BTreeMap::new();
    for (comparison, series) in comparisons.iter().zip(series) {
        let mark = (comparison.accelerated.name.as_str(), series);
        marks.entry(mark).or_default().push(view.pairs(*comparison));
    }
    let row = |((name, (series, step)), mut cells): (Mark<'_>, Vec<Vec<Pair<'_>>>)| {
        let cells_asked = cells.len();
        cells.retain(|pairs| !pairs.is_empty());
        let estimate = Bootstrap::default().mean_speed_up(&cells)?;
        let samples = cells.iter().flatten().map(|(a, b)| a.len() + b.len()).sum();
        Some(Row {
            cells_asked,
            cells: cells.len(),
            rounds: cells.iter().map(Vec::len).min().unwrap_or_default(),
            samples,
            x: step.map(X::Count),
            ..Row::new(name, series.clone(), estimate)
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
        let row = latency_ns(view, cell, index.of(cell, None))?;
        let [value, low, high] = [row.value, row.low, row.high].map(|ns| ns / NS_PER_MS);
        Some(Row { x: x(cell).map(|x| X::Count(x.into())), value, low, high, ..row })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    sort_by_panel(&mut rows);
    rows
}

/// Returns one row per cell of which it is known what its architecture costs: what `quantity` makes
/// of that and of the latency in nanoseconds, at what `x` makes of it. Patterns come first.
pub(crate) fn by_cost(
    view: &View<'_>,
    cells: &[(&CellRow, &AttributesRow)],
    x: impl Fn(&AttributesRow) -> X,
    quantity: impl Fn(&AttributesRow, Estimate) -> Estimate,
) -> Vec<Row> {
    let index = SeriesIndex::of_engines(cells.iter().map(|(cell, _)| *cell));
    let inputs: BTreeSet<_> = cells.iter().map(|(cell, _)| input(cell)).collect();
    let row = |(cell, attributes): &(&CellRow, &AttributesRow)| {
        let row = latency_ns(view, cell, index.of_engine(cell))?;
        let ns = Estimate { value: row.value, low: row.low, high: row.high };
        let Estimate { value, low, high } = quantity(attributes, ns);
        let label = match inputs.len() {
            1 => cell.architecture(),
            _ => format!("{}, {}", cell.architecture(), input(cell)),
        };
        let architecture = Some(ArchitectureLabel { kind: cell.kind.clone(), label });
        Some(Row { architecture, x: Some(x(attributes)), value, low, high, ..row })
    };
    let mut rows: Vec<Row> = cells.iter().filter_map(row).collect();
    sort_by_panel(&mut rows);
    rows.sort_by_key(Row::is_of_network);
    rows
}

/// Returns what a cell's images are like.
fn input(cell: &CellRow) -> String {
    let [_, batch, resolution] = conditions(cell);
    format!("{batch}, {resolution}")
}

/// Returns the row of a cell's latency in nanoseconds.
fn latency_ns(view: &View<'_>, cell: &CellRow, series: Series) -> Option<Row> {
    let rounds = view.rounds(cell);
    Some(Row {
        rounds: rounds.len(),
        samples: rounds.iter().map(|round| round.len()).sum(),
        ..Row::new(&cell.name, series, Bootstrap::default().latency(&rounds)?)
    })
}

fn sort_by_panel(rows: &mut [Row]) {
    rows.sort_by(|a, b| {
        let key = |row: &Row| (pattern_order(&row.group), row.group.clone(), row.series.clone());
        let x = |row: &Row| row.x.map_or(0.0, X::value);
        key(a).cmp(&key(b)).then_with(|| x(a).total_cmp(&x(b)))
    });
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
    pub(crate) fn new(group: &str, series: Series, estimate: Estimate) -> Self {
        let Estimate { value, low, high } = estimate;
        let group = group.to_string();
        Self {
            group,
            architecture: None,
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

    /// Returns whether the row stands for one network.
    pub(crate) fn is_of_network(&self) -> bool {
        self.architecture.as_ref().is_some_and(|one| one.kind == "network")
    }
}
