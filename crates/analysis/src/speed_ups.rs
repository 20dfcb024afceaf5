//! Rows of speed-ups.

use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Found, PairedRound};
use formbench_store::{CellRow, ExperimentRow};

use crate::rounds::Pairs;
use crate::rows::{sort_by_best, sort_by_panel};
use crate::series::SeriesIndex;
use crate::set::sets;
use crate::usual_inputs::UsualInputs;
use crate::view::{Comparison, Kinds, View};
use crate::{ArchitectureLabel, AxisValue, NetworkOrigin, Row, Run, Series};

/// What a row that sums up its section is called.
pub const MEAN: &str = "geometric mean";

/// What a row of speed-ups stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The part of the figure.
    pub section: Option<String>,
    /// The row's group.
    pub group: String,
    /// Engine and settings.
    pub series: Series,
    /// Number of a step of a ladder.
    pub step: Option<u64>,
}

/// Returns one row per mark: the geometric mean of its comparisons' speed-ups, ordered by mark.
pub fn mean_speed_ups(view: &View<'_>, marked: &[(Comparison<'_>, Mark)]) -> Vec<Row> {
    let mut marks: BTreeMap<&Mark, Vec<(Pairs, Option<f64>)>> = BTreeMap::new();
    for (comparison, mark) in marked {
        let pairs = (view.pairs(*comparison), comparison.half_width);
        marks.entry(mark).or_default().push(pairs);
    }
    let row = |(mark, mut cells): (&Mark, Vec<(Pairs, Option<f64>)>)| {
        let cells_asked = cells.len();
        cells.retain(|(pairs, _)| !pairs.is_empty());
        let samples = cells.iter().map(|(pairs, _)| pairs.samples).sum();
        let wide = cells
            .iter()
            .filter(|(pairs, asked)| asked.is_some_and(|asked| is_wide(pairs, asked)))
            .count();
        let as_found = cells.iter().filter(|(pairs, _)| pairs.found == Found::AsFound).count();
        let all: Vec<_> = cells.iter().map(|(pairs, _)| pairs.all.clone()).collect();
        let cells: Vec<Vec<PairedRound>> =
            cells.into_iter().map(|(pairs, _)| pairs.rounds).collect();
        let bootstrap = Bootstrap::default();
        let estimate = bootstrap.mean_speed_up(&cells)?;
        let without = (as_found > 0).then(|| bootstrap.without_contention(&all)).flatten();
        Some(Row {
            section: mark.section.clone(),
            cells_asked,
            cells: cells.len(),
            wide,
            as_found,
            without_contention: without.map(|of| [of.value, of.low, of.high]),
            rounds: cells.iter().map(Vec::len).min().unwrap_or_default(),
            samples,
            x: mark.step.map(AxisValue::Count),
            ..Row::new(&mark.group, mark.series.clone(), estimate)
        })
    };
    marks.into_iter().filter_map(row).collect()
}

/// Returns whether the interval of a speed-up is wider than asked.
fn is_wide(pairs: &Pairs, asked: f64) -> bool {
    let speed_up = Bootstrap::default().speed_up(&pairs.rounds);
    speed_up.is_some_and(|speed_up| speed_up.is_wider_than(asked))
}

/// Returns one row per pattern and series: the geometric mean over its cells of their speed-ups.
/// Largest first by the best of a pattern, ties by name; then by series.
pub fn speed_ups(view: &View<'_>, comparisons: &[Comparison<'_>]) -> Vec<Row> {
    let sides = comparisons.iter().map(|pair| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::new(sides);
    let marked = comparisons.iter().map(|pair| {
        let series = index.of(pair.accelerated, Some(pair.baseline));
        let group = pair.accelerated.name.clone();
        (*pair, Mark { section: None, group, series, step: None })
    });
    let mut rows = mean_speed_ups(view, &marked.collect::<Vec<_>>());
    sort_by_best(&mut rows, |row| -row.value);
    rows
}

/// Returns the geometric mean speed-up on an engine of those networks of a set that `takes` accepts by their
/// name and whether a search found them; nothing of none.
pub fn mean_of_networks(
    run: &Run,
    set: &str,
    engine: &str,
    takes: impl Fn(&str, bool) -> bool,
) -> Option<Row> {
    let sets = sets(run);
    let (set, experiments) = sets.get_key_value(set)?;
    let asks = |row: &&&ExperimentRow| row.figures.iter().any(|name| name == "network-speedup");
    let view = View::of(run, set, experiments.iter().filter(asks).copied().collect());
    let is_taken = |cell: &CellRow| {
        let is_searched = view.origin(cell) == Some(NetworkOrigin::Searched);
        cell.engine_label() == engine && takes(&cell.name, is_searched)
    };
    let mut pairs = view.comparisons(Kinds::Networks);
    pairs.retain(|pair| is_taken(pair.accelerated));
    let index =
        SeriesIndex::of_engines(pairs.iter().map(|pair| (pair.accelerated, Some(pair.baseline))));
    let mark = |pair: Comparison<'_>| {
        let series = index.of_engine(pair.accelerated, Some(pair.baseline));
        Mark { section: None, group: MEAN.to_string(), series, step: None }
    };
    let marked: Vec<_> = pairs.iter().map(|pair| (*pair, mark(*pair))).collect();
    mean_speed_ups(&view, &marked).pop()
}

/// Returns one row per network at its images and series, the network that gains most first, ties by name; last the
/// geometric mean over the networks of each origin, if they are several.
pub fn network_speed_ups(
    view: &View<'_>,
    comparisons: &[Comparison<'_>],
    images: &UsualInputs,
) -> Vec<Row> {
    let sides = comparisons.iter().map(|pair| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::of_engines(sides);
    let mark = |pair: &Comparison<'_>, group: String| {
        let series = index.of_engine(pair.accelerated, Some(pair.baseline));
        Mark { section: None, group, series, step: None }
    };
    let label = |pair: &Comparison<'_>| images.label(&pair.accelerated.name, pair.accelerated);
    let origin = |pair: &Comparison<'_>| view.origin(pair.accelerated);
    let networks: Vec<_> =
        comparisons.iter().map(|pair| (*pair, mark(pair, label(pair)))).collect();
    let mut rows = mean_speed_ups(view, &networks);
    for row in &mut rows {
        let pair = comparisons.iter().find(|pair| label(pair) == row.group);
        row.architecture = pair.map(|pair| ArchitectureLabel {
            kind: pair.accelerated.kind,
            origin: origin(pair),
            label: row.group.clone(),
        });
    }
    sort_by_best(&mut rows, |row| -row.value);
    for one in NetworkOrigin::ALL {
        let name = format!("{MEAN}, {}", one.label());
        let of_origin = comparisons.iter().filter(|pair| origin(pair) == Some(one));
        let of_origin: Vec<_> = of_origin.map(|pair| (*pair, mark(pair, name.clone()))).collect();
        let means = mean_speed_ups(view, &of_origin).into_iter().filter(|row| row.cells > 1);
        rows.extend(means.map(|row| Row { summary: true, ..row }));
    }
    rows
}

/// Returns one row per architecture and engine that were compared on several numbers of threads: the speed-up on the
/// most, with that on the fewest as `x`. By name in the order of panels, and engine.
pub fn by_threads(
    view: &View<'_>,
    comparisons: &[Comparison<'_>],
    images: &UsualInputs,
) -> Vec<Row> {
    let on_one = |cell: &CellRow| CellRow { threads: 1, ..cell.clone() };
    let alike: Vec<_> =
        comparisons.iter().map(|pair| [pair.accelerated, pair.baseline].map(on_one)).collect();
    let index = SeriesIndex::of_engines(alike.iter().map(|[cell, over]| (cell, Some(over))));
    let mut groups: BTreeMap<_, Vec<&Comparison<'_>>> = BTreeMap::new();
    for (pair, [cell, over]) in comparisons.iter().zip(&alike) {
        let architecture = (cell.architecture(), cell.input_shape());
        groups.entry((index.of_engine(cell, Some(over)), architecture)).or_default().push(pair);
    }
    let row = |((series, _), mut pairs): ((Series, _), Vec<&Comparison<'_>>)| {
        pairs.sort_by_key(|pair| pair.accelerated.threads);
        let [fewest, .., most] = pairs.as_slice() else {
            return None;
        };
        let [on_fewest, on_most] = [fewest, most].map(|pair| view.pairs(**pair));
        let bootstrap = Bootstrap::default();
        let x = bootstrap.speed_up(&on_fewest.rounds)?.value;
        let cell = most.accelerated;
        let as_found = [&on_fewest, &on_most].map(|pairs| pairs.found).contains(&Found::AsFound);
        Some(Row {
            architecture: Some(ArchitectureLabel {
                kind: cell.kind,
                origin: view.origin(cell),
                label: images.label(&cell.architecture(), cell),
            }),
            x: Some(AxisValue::Number(x)),
            cells: 2,
            cells_asked: 2,
            as_found: usize::from(as_found),
            rounds: on_fewest.rounds.len().min(on_most.rounds.len()),
            samples: on_fewest.samples + on_most.samples,
            ..Row::new(&cell.name, series, bootstrap.speed_up(&on_most.rounds)?)
        })
    };
    let mut rows: Vec<Row> = groups.into_iter().filter_map(row).collect();
    sort_by_panel(&mut rows);
    rows.sort_by_key(Row::origin);
    rows
}
