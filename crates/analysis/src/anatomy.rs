//! Where the time of inferences goes, by kind of work, and how near each kind comes to the machine's roof.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{InferencePart, OperatorClass};
use formbench_statistics::Estimate;
use formbench_store::CellRow;

use crate::series::SeriesIndex;
use crate::usual_inputs::UsualInputs;
use crate::view::Comparison;
use crate::{Roof, Row, Series, View};

/// Returns what a figure calls a part of an inference.
pub fn name(part: InferencePart) -> &'static str {
    match part {
        InferencePart::Work(class) => class.label(),
        InferencePart::Own => "the engine\u{2019}s own",
        InferencePart::Between => "between operators",
    }
}

/// Returns the comparisons that have a profile on both sides.
pub fn profiled<'a>(view: &View<'a>, comparisons: &[Comparison<'a>]) -> Vec<Comparison<'a>> {
    let has_profile = |cell: &CellRow| view.run.operators.iter().any(|row| row.cell == cell.cell);
    let both = |pair: &&Comparison<'a>| has_profile(pair.accelerated) && has_profile(pair.baseline);
    comparisons.iter().filter(both).copied().collect()
}

/// Where the time of a cell's inference goes, in nanoseconds.
struct Account {
    /// Latency without a profiler.
    latency_ns: f64,
    /// What each part takes.
    parts: BTreeMap<InferencePart, f64>,
}

impl Account {
    /// Returns the account of a cell, if its operators were timed. Operators take what the profiler says, and what is left of
    /// the latency without it is between them; only where they take more than that are they scaled to it.
    fn of(view: &View<'_>, cell: &CellRow) -> Option<Self> {
        let rows = view.run.operators_of(&cell.cell);
        let latency_ns = rows.first()?.latency_ns;
        let mut parts: BTreeMap<InferencePart, f64> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.class != InferencePart::Between) {
            *parts.entry(row.class).or_default() += row.ns;
        }
        let operators_ns: f64 = parts.values().sum();
        let scale = (latency_ns / operators_ns).min(1.0);
        parts.values_mut().for_each(|ns| *ns *= scale);
        parts.insert(InferencePart::Between, latency_ns - operators_ns * scale);
        Some(Self { latency_ns, parts })
    }

    /// Returns what some parts take.
    fn take(&self, parts: &[InferencePart]) -> f64 {
        parts.iter().filter_map(|part| self.parts.get(part)).sum()
    }
}

/// Returns what each kind of work takes, in percent of the baseline's latency: one row per architecture as section, part of
/// an inference as group, and engine, the baseline among the engines. The mean over architectures first; then by
/// architecture, the one whose engines gain most first, by part and engine.
pub fn anatomy(view: &View<'_>, comparisons: &[Comparison<'_>], images: &UsualInputs) -> Vec<Row> {
    let mut sides: BTreeMap<&str, (&CellRow, &CellRow)> = BTreeMap::new();
    for pair in profiled(view, comparisons) {
        sides.entry(&pair.baseline.cell).or_insert((pair.baseline, pair.baseline));
        sides.entry(&pair.accelerated.cell).or_insert((pair.accelerated, pair.baseline));
    }
    let index = SeriesIndex::of_engines(sides.values().map(|(cell, _)| (*cell, None)));
    let mut bars: Vec<Vec<Row>> = Vec::new();
    for (cell, baseline) in sides.values() {
        let Some((account, whole)) = Account::of(view, cell).zip(Account::of(view, baseline))
        else {
            continue;
        };
        let series = index.of_engine(cell, None);
        let row = |part: InferencePart| {
            let percent = 100.0 * account.parts.get(&part)? / whole.latency_ns;
            let estimate = Estimate { value: percent, low: percent, high: percent };
            let section = Some(images.label(&cell.architecture(), cell));
            Some(Row { section, ..Row::new(name(part), series.clone(), estimate) })
        };
        bars.push(InferencePart::ALL.into_iter().filter_map(row).collect());
    }
    let shortest = shortest(&bars);
    let mean = mean_bars(&bars);
    let mut rows = bars.concat();
    let place = |row: &Row| InferencePart::ALL.iter().position(|part| row.group == name(*part));
    rows.sort_by(|a, b| {
        let by_gain = shortest[&a.section].total_cmp(&shortest[&b.section]);
        let by_part = a.section.cmp(&b.section).then_with(|| place(a).cmp(&place(b)));
        by_gain.then(by_part).then_with(|| a.series.cmp(&b.series))
    });
    [mean, rows].concat()
}

/// Returns a bar of each engine that is the mean over its architectures: what each part takes, in percent of the baseline's
/// latency on the same architecture; a part that an architecture lacks takes nothing there. None of a single architecture.
fn mean_bars(bars: &[Vec<Row>]) -> Vec<Row> {
    let mut counts: BTreeMap<&Series, usize> = BTreeMap::new();
    for first in bars.iter().filter_map(|bar| bar.first()) {
        *counts.entry(&first.series).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    if most < 2 {
        return Vec::new();
    }
    let row = |(part, (series, count)): (&str, (&&Series, &usize))| {
        let of_part =
            bars.iter().flatten().filter(|row| row.series == **series && row.group == part);
        let percents: Vec<f64> = of_part.map(|row| row.value).collect();
        let mean = percents.iter().sum::<f64>() / *count as f64;
        let estimate = Estimate { value: mean, low: mean, high: mean };
        let section = Some(format!("mean of {most}"));
        let row = Row::new(part, (*series).clone(), estimate);
        let cells = *count;
        (!percents.is_empty()).then_some(Row {
            section,
            summary: true,
            cells,
            cells_asked: cells,
            ..row
        })
    };
    let names = InferencePart::ALL.into_iter().map(name);
    let pairs = names.flat_map(|part| counts.iter().map(move |one| (part, one)));
    pairs.filter_map(row).collect()
}

/// Returns of each architecture the shortest of its bars.
fn shortest(bars: &[Vec<Row>]) -> BTreeMap<Option<String>, f64> {
    let mut shortest = BTreeMap::new();
    for bar in bars {
        let Some(first) = bar.first() else { continue };
        let least = shortest.entry(first.section.clone()).or_insert(f64::INFINITY);
        *least = bar.iter().map(|row| row.value).sum::<f64>().min(*least);
    }
    shortest
}

/// Returns what an engine saves on an architecture, as shares of the baseline's latency: in some parts of the inference,
/// and in all. Nothing without profiles of both sides.
pub(crate) fn saved(
    view: &View<'_>,
    pair: Comparison<'_>,
    parts: &[InferencePart],
) -> Option<(f64, f64)> {
    let (baseline, engine) =
        Account::of(view, pair.baseline).zip(Account::of(view, pair.accelerated))?;
    let share = |ns: f64| ns / baseline.latency_ns;
    let by_parts = share(baseline.take(parts) - engine.take(parts));
    Some((by_parts, share(baseline.latency_ns - engine.latency_ns)))
}

/// Returns the share of the machine's roof that each kind of work reaches on each engine, in percent: the least time that the
/// roof allows its operators, by their operations and the data that they move, over the time that they took. One row per
/// kind and engine over all cells of as many threads as a roof, kinds in the order of tables.
pub fn efficiencies(view: &View<'_>, cells: &[&CellRow]) -> Vec<Row> {
    let known: BTreeSet<&str> = view.run.operators.iter().map(|row| row.cell.as_str()).collect();
    let cells: Vec<&CellRow> =
        cells.iter().copied().filter(|cell| known.contains(cell.cell.as_str())).collect();
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let mut efforts: BTreeMap<(OperatorClass, Series), Effort<'_>> = BTreeMap::new();
    for cell in cells {
        let Some(roof) = Roof::of(view.run, cell.threads) else { continue };
        let series = index.of_engine(cell, None);
        for row in view.run.operators_of(&cell.cell) {
            let InferencePart::Work(class) = row.class else { continue };
            // FLOPs for each ns are GFLOP/s.
            let compute_ns = row.flops as f64 / roof.gflop_per_s;
            let memory_ns = row.bytes as f64 / roof.gbyte_per_s;
            let effort = efforts.entry((class, series.clone())).or_default();
            effort.least_ns += compute_ns.max(memory_ns);
            effort.took_ns += row.ns;
            effort.cells.insert(&cell.cell);
        }
    }
    let row = |((class, series), effort): ((OperatorClass, Series), Effort<'_>)| {
        let percent = 100.0 * effort.least_ns / effort.took_ns;
        let estimate = Estimate { value: percent, low: percent, high: percent };
        let cells = effort.cells.len();
        let row = Row { cells, cells_asked: cells, ..Row::new(class.label(), series, estimate) };
        // Profilers count whole microseconds: some kinds took none.
        (effort.took_ns > 0.0).then_some(row)
    };
    efforts.into_iter().filter_map(row).collect()
}

/// What operators of one kind took, and what they would at the roof.
#[derive(Default)]
struct Effort<'a> {
    least_ns: f64,
    took_ns: f64,
    cells: BTreeSet<&'a str>,
}
