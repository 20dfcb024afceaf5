use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::Options;
use formbench_store::CellRow;

use crate::Series;
use crate::series::{SeriesIndex, engine_label};
use crate::view::{Comparison, View};

/// The comparisons of one setting of an engine with another that differs in one option.
pub(crate) struct Ladder<'a> {
    pub(crate) steps: Vec<Comparison<'a>>,
    /// Series of each step, in the order of the experiment, and its number from 1.
    pub(crate) series: Vec<(Series, Option<u64>)>,
    /// Names of the options that differ.
    pub(crate) options: BTreeSet<String>,
    /// Comparisons that differ in more.
    pub(crate) left_out: usize,
}

/// How one side of a comparison differs from the other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    /// The engine with the options that both share.
    engine: String,
    option: String,
    value: String,
}

/// Returns the ladder of a figure's experiments.
pub(crate) fn ladder<'a>(view: &View<'a>) -> Ladder<'a> {
    let comparisons = [view.comparisons("pattern"), view.comparisons("network")].concat();
    let total = comparisons.len();
    let steps: Vec<(Comparison<'a>, Difference)> =
        comparisons.into_iter().filter_map(|pair| Some((pair, difference(pair)?))).collect();
    Ladder {
        series: series(&steps),
        options: steps.iter().map(|(_, difference)| difference.option.clone()).collect(),
        left_out: total - steps.len(),
        steps: steps.into_iter().map(|(pair, _)| pair).collect(),
    }
}

fn difference(Comparison { baseline, accelerated }: Comparison<'_>) -> Option<Difference> {
    let (before, mut after) = (options(baseline)?, options(accelerated)?);
    let names: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let mut differing = names.into_iter().filter(|name| before.get(name) != after.get(name));
    let option = differing.next()?;
    if differing.next().is_some() || baseline.engine != accelerated.engine {
        return None;
    }
    let value = after.remove(&option).map_or_else(
        || "default".to_string(),
        |value| value.as_str().map_or_else(|| value.to_string(), str::to_string),
    );
    let shared = CellRow { options: serde_json::json!(after).to_string(), ..accelerated.clone() };
    Some(Difference { engine: engine_label(&shared), option, value })
}

fn options(cell: &CellRow) -> Option<Options> {
    serde_json::from_str(&cell.options).ok()
}

/// Returns each step's series, labelled by the option's value and numbered in the order in which
/// the experiment lists the values.
fn series(steps: &[(Comparison<'_>, Difference)]) -> Vec<(Series, Option<u64>)> {
    let sides = steps.iter().map(|(pair, _)| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::new(sides.clone());
    let numbers = numbers(steps.iter().map(|(_, difference)| difference));
    let ladders: BTreeSet<_> = steps.iter().map(|(_, one)| one.ladder()).collect();
    let keyed = steps.iter().zip(sides).map(|((_, one), (cell, baseline))| {
        let series = index.of(cell, baseline);
        let others = series.label.strip_prefix(&engine_label(cell)).unwrap_or_default();
        let of = if ladders.len() > 1 { format!("{} ", one.engine) } else { String::new() };
        let label = format!("{of}{}={}{others}", one.option, one.value);
        let number = numbers.get(one).copied().unwrap_or_default();
        ((one.ladder(), cell.threads, others.to_string(), number), Series { label, ..series })
    });
    let keyed: Vec<_> = keyed.collect();
    let order: BTreeSet<_> = keyed.iter().map(|(key, _)| key).collect();
    let variant = |key| order.iter().position(|other| *other == key).unwrap_or_default();
    let numbered = keyed
        .iter()
        .map(|(key, series)| (Series { variant: variant(key), ..series.clone() }, Some(key.3)));
    numbered.collect()
}

/// Returns the place of each value on its ladder, from 1, by where it is first listed.
fn numbers<'a>(listed: impl Iterator<Item = &'a Difference>) -> BTreeMap<&'a Difference, u64> {
    let mut lengths: BTreeMap<_, u64> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for difference in listed {
        numbers.entry(difference).or_insert_with(|| {
            let length = lengths.entry(difference.ladder()).or_default();
            *length += 1;
            *length
        });
    }
    numbers
}

impl Difference {
    /// Returns what steps of one ladder share.
    fn ladder(&self) -> (&str, &str) {
        (&self.engine, &self.option)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(engine: &str, options: &str) -> CellRow {
        CellRow {
            cell: String::new(),
            kind: "pattern".to_string(),
            name: "plain".to_string(),
            depth: Some(8),
            width: Some(32),
            engine: engine.to_string(),
            engine_version: "1".to_string(),
            engine_build: String::new(),
            instruction_set: String::new(),
            options: options.to_string(),
            device: "cpu".to_string(),
            device_kind: "cpu".to_string(),
            batch: 1,
            resolution: 224,
            input_seed: 7,
            weights_seed: 1,
            threads: 1,
        }
    }

    fn step(baseline: (&str, &str), accelerated: (&str, &str)) -> Option<String> {
        let [baseline, accelerated] = [baseline, accelerated].map(|(e, o)| cell(e, o));
        let pair = Comparison { baseline: &baseline, accelerated: &accelerated };
        difference(pair).map(|one| format!("{} {}={}", one.engine, one.option, one.value))
    }

    #[test]
    fn a_step_differs_in_one_option_of_one_engine() {
        let base = ("tract", r#"{"a":1,"optimize":"none"}"#);
        let full = ("tract", r#"{"a":1,"optimize":"full"}"#);
        assert_eq!(step(base, full).as_deref(), Some("tract{a=1} optimize=full"));
        let unset = ("tract", r#"{"a":1}"#);
        assert_eq!(step(base, unset).as_deref(), Some("tract{a=1} optimize=default"));
        assert_eq!(step(base, ("tract", r#"{"a":2,"optimize":"full"}"#)), None);
        assert_eq!(step(base, ("openvino", full.1)), None);
        assert_eq!(step(base, base), None);
    }
}
