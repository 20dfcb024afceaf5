use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use formbench_statistics::Estimate;
use formbench_store::CellRow;

use super::{Account, name, profiled};
use crate::series::SeriesIndex;
use crate::usual_inputs::UsualInputs;
use crate::view::Comparison;
use crate::{Row, Series, View};

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
        let Some((account, whole)) =
            Account::of(view.run, cell).zip(Account::of(view.run, baseline))
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
