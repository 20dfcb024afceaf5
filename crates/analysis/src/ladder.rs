//! Comparisons of one engine with itself, one option apart.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::Options;
use formbench_store::CellRow;

use crate::Series;
use crate::series::{SeriesIndex, engine_label};
use crate::speed_ups::Mark;
use crate::usual_inputs::UsualInputs;
use crate::view::{Comparison, Kinds, View};

/// The comparisons of one setting of an engine with another that differs in one option.
pub struct Ladder<'a> {
    /// Each with its architecture, its series, and its number in the order of the experiment.
    pub steps: Vec<(Comparison<'a>, Mark)>,
    /// What architectures' names leave out.
    pub images: UsualInputs,
    /// Names of the options that differ.
    pub options: BTreeSet<String>,
    /// Comparisons that differ in more.
    pub left_out: usize,
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
pub fn ladder<'a>(view: &View<'a>) -> Ladder<'a> {
    let comparisons = view.comparisons(Kinds::All);
    let total = comparisons.len();
    let steps: Vec<(Comparison<'a>, Difference)> =
        comparisons.into_iter().filter_map(|pair| Some((pair, difference(pair)?))).collect();
    let images = UsualInputs::of(steps.iter().map(|(pair, _)| pair.accelerated));
    let mark = |(pair, (series, step)): (Comparison<'a>, _)| {
        let group = images.label(&pair.accelerated.name, pair.accelerated);
        (pair, Mark { section: None, group, series, step: Some(step) })
    };
    let pairs = steps.iter().map(|(pair, _)| *pair);
    Ladder {
        options: steps.iter().map(|(_, difference)| difference.option.clone()).collect(),
        left_out: total - steps.len(),
        steps: pairs.zip(series(&steps)).map(mark).collect(),
        images,
    }
}

fn difference(Comparison { baseline, accelerated, .. }: Comparison<'_>) -> Option<Difference> {
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

/// Returns each step's series, labelled by the option's value, and its number in the order in which
/// the experiment lists the values.
fn series(steps: &[(Comparison<'_>, Difference)]) -> Vec<(Series, u64)> {
    let sides = steps.iter().map(|(pair, _)| (pair.accelerated, Some(pair.baseline)));
    let index = SeriesIndex::of_engines(sides.clone());
    let numbers = numbers(steps.iter().map(|(_, difference)| difference));
    let ladders: BTreeSet<_> = steps.iter().map(|(_, one)| one.ladder()).collect();
    let keyed = steps.iter().zip(sides).map(|((_, one), (cell, baseline))| {
        let series = index.of_engine(cell, baseline);
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
        .map(|(key, series)| (Series { variant: variant(key), ..series.clone() }, key.3));
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
        let (engine, options) = (engine.to_string(), options.to_string());
        CellRow { engine, options, ..CellRow::default() }
    }

    fn step(baseline: (&str, &str), accelerated: (&str, &str)) -> Option<String> {
        let [baseline, accelerated] = [baseline, accelerated].map(|(e, o)| cell(e, o));
        let pair =
            Comparison { baseline: &baseline, accelerated: &accelerated, half_width: Some(0.02) };
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
