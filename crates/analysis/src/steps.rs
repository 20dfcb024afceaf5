//! What each of several options gains, whatever the order in which one changes them.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::Options;
use formbench_statistics::{Bootstrap, Found, PairedRound, TurnPair};
use formbench_store::CellRow;
use serde_json::Value;

use crate::rounds::SharedTurns;
use crate::usual_inputs::UsualInputs;
use crate::view::{Comparison, Kinds, View};
use crate::{Row, Run, Series, order};

/// Options that change at once, at most: each more doubles the cells.
const MOST_OPTIONS: usize = 6;

/// What each change of an option gains in the mean over all orders.
pub struct StepGains<'a> {
    /// How many times as fast each step makes an architecture: a row per architecture and option. The product over an
    /// architecture's rows is what all steps gain together.
    pub rows: Vec<Row>,
    /// The comparisons that they are made of.
    pub comparisons: Vec<Comparison<'a>>,
    /// What architectures' names leave out.
    pub images: UsualInputs,
    /// The step whose gain depends most on what was changed before.
    pub most_dependent: Option<OrderDependence>,
    /// Architectures of which combinations are missing.
    pub incomplete: usize,
}

/// How much the gain of a step depends on the order.
#[derive(Clone)]
pub struct OrderDependence {
    /// The architecture.
    pub architecture: String,
    /// The option.
    pub option: String,
    /// How many times as fast it makes the architecture in the order that suits it least, and most.
    pub gains: [f64; 2],
}

/// All combinations of some options' values on one architecture: the cell of each set of changed options, as bits.
struct Combinations<'a> {
    /// Names of the options.
    options: Vec<String>,
    cells: Vec<&'a CellRow>,
}

/// Returns what the steps of a figure's experiments gain.
///
/// # Source
/// Shapley 1953: the mean over all orders of what a member adds to those that came before.
pub fn step_gains<'a>(view: &View<'a>) -> StepGains<'a> {
    let comparisons = view.comparisons(Kinds::All);
    let images = UsualInputs::of(comparisons.iter().map(|pair| pair.accelerated));
    let mut by_baseline: BTreeMap<&str, Vec<Comparison<'a>>> = BTreeMap::new();
    for pair in &comparisons {
        by_baseline.entry(&pair.baseline.cell).or_default().push(*pair);
    }
    let found: Vec<Option<Combinations<'_>>> =
        by_baseline.values().map(|pairs| Combinations::of(pairs)).collect();
    let incomplete = found.iter().filter(|one| one.is_none()).count();
    let steps: Vec<Step> =
        found.iter().flatten().flat_map(|one| one.steps(view.run, &images)).collect();
    let spread = |step: &&Step| step.dependence.gains[1] / step.dependence.gains[0];
    let most = steps.iter().max_by(|a, b| spread(a).total_cmp(&spread(b)));
    StepGains {
        most_dependent: most.map(|step| step.dependence.clone()),
        rows: steps.into_iter().map(|step| step.row).collect(),
        comparisons,
        images,
        incomplete,
    }
}

/// One change of one architecture.
struct Step {
    row: Row,
    dependence: OrderDependence,
}

impl<'a> Combinations<'a> {
    /// Returns what each change gains; nothing where no turn was taken by all.
    fn steps(&self, run: &Run, images: &UsualInputs) -> Vec<Step> {
        let Some(first) = self.cells.first() else { return Vec::new() };
        let keys: Vec<&str> = self.cells.iter().map(|cell| cell.cell.as_str()).collect();
        let turns = SharedTurns::of(run, &keys);
        let (architecture, count) = (images.label(&first.name, first), self.options.len());
        // A change is seen between each two cells that differ in it alone.
        let pairs = keys.len() / 2;
        let step = |(at, option): (usize, &String)| {
            let rounds = rounds(&turns, count, at);
            let series = Series {
                order: order::engine_order(&first.engine),
                engine: first.engine.clone(),
                variant: at,
                label: option.clone(),
                threads: first.threads,
            };
            let row = Row {
                cells: pairs,
                cells_asked: pairs,
                as_found: if turns.found == Found::AsFound { pairs } else { 0 },
                rounds: rounds.len(),
                samples: turns.samples,
                ..Row::new(&architecture, series, Bootstrap::default().speed_up(&rounds)?)
            };
            let dependence = OrderDependence {
                architecture: architecture.clone(),
                option: option.clone(),
                gains: range_over_orders(&turns, count, at),
            };
            Some(Step { row, dependence })
        };
        self.options.iter().enumerate().filter_map(step).collect()
    }

    /// Returns the combinations of a baseline and what is compared with it; nothing if they are not all there.
    fn of(pairs: &[Comparison<'a>]) -> Option<Self> {
        let baseline = pairs.first()?.baseline;
        let before = options(baseline)?;
        let mut changes: BTreeSet<(String, String)> = BTreeSet::new();
        let mut changed: BTreeMap<BTreeSet<String>, &CellRow> = BTreeMap::new();
        for Comparison { accelerated, .. } in pairs {
            let after = options(accelerated)?;
            let names = before.keys().chain(after.keys()).cloned().collect::<BTreeSet<_>>();
            let differing: BTreeSet<String> =
                names.into_iter().filter(|name| before.get(name) != after.get(name)).collect();
            for name in &differing {
                let value = after.get(name).map_or_else(String::new, Value::to_string);
                changes.insert((name.clone(), value));
            }
            if accelerated.engine == baseline.engine {
                changed.insert(differing, accelerated);
            }
        }
        let names: BTreeSet<&String> = changes.iter().map(|(name, _)| name).collect();
        // An option of three values is no step that is taken or not.
        if names.len() != changes.len() || !(1..=MOST_OPTIONS).contains(&names.len()) {
            return None;
        }
        let names: Vec<String> = names.into_iter().cloned().collect();
        let cell = |set: usize| {
            let taken = names.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            let taken: BTreeSet<String> = taken.map(|(_, name)| name.clone()).collect();
            if taken.is_empty() { Some(baseline) } else { changed.get(&taken).copied() }
        };
        let cells = (0..1_usize << names.len()).map(cell).collect::<Option<Vec<_>>>()?;
        Some(Self { options: names, cells })
    }
}

fn options(cell: &CellRow) -> Option<Options> {
    serde_json::from_str(&cell.options).ok()
}

/// Returns the sets of the other options, each with the share of orders in which exactly these come before.
fn sets_before(count: usize, at: usize) -> impl Iterator<Item = (usize, f64)> {
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let others = (0..1_usize << count).filter(move |set| set >> at & 1 == 0);
    others.map(move |set| {
        let before = set.count_ones() as usize;
        (set, factorial(before) * factorial(count - before - 1) / factorial(count))
    })
}

/// Returns the mean latencies before and after a step, over all orders, turn by turn.
fn rounds(turns: &SharedTurns, count: usize, at: usize) -> Vec<PairedRound> {
    let mean_ns = |medians_ns: &[f64], with: usize| {
        let logs = sets_before(count, at).map(|(set, share)| share * medians_ns[set | with].ln());
        logs.sum::<f64>().exp()
    };
    let pair = |medians_ns: &Vec<f64>| TurnPair {
        baseline_ns: mean_ns(medians_ns, 0),
        accelerated_ns: mean_ns(medians_ns, 1 << at),
        conditions: None,
    };
    turns.medians_ns.iter().map(|round| round.iter().map(pair).collect()).collect()
}

/// Returns the least and the most that a step gains, by what came before: geometric means over all turns.
fn range_over_orders(turns: &SharedTurns, count: usize, at: usize) -> [f64; 2] {
    let all: Vec<&Vec<f64>> = turns.medians_ns.iter().flatten().collect();
    let gain = |(set, _): (usize, f64)| {
        let logs = all.iter().map(|medians_ns| (medians_ns[set] / medians_ns[set | 1 << at]).ln());
        (logs.sum::<f64>() / all.len().max(1) as f64).exp()
    };
    sets_before(count, at)
        .map(gain)
        .fold([f64::INFINITY, 0.0], |[low, high], gain| [gain.min(low), gain.max(high)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the turns of one round in which all combinations of two options took so long.
    fn turns(medians_ns: [f64; 4]) -> SharedTurns {
        SharedTurns { medians_ns: vec![vec![medians_ns.to_vec(); 3]; 3], ..SharedTurns::default() }
    }

    fn gain(turns: &SharedTurns, at: usize) -> f64 {
        Bootstrap::default().speed_up(&rounds(turns, 2, at)).unwrap().value
    }

    #[test]
    fn what_steps_gain_together_is_shared_among_them() {
        // The first alone: 2 ×; the second alone: 1 ×; both: 8 ×.
        let turns = turns([8.0, 4.0, 8.0, 1.0]);
        // In one order the first gains 2 ×, in the other 8 ×: 4 × in the mean. The second 1 × and 4 ×.
        assert!((gain(&turns, 0) - 4.0).abs() < 1e-9);
        assert!((gain(&turns, 1) - 2.0).abs() < 1e-9);
        assert_eq!(range_over_orders(&turns, 2, 0).map(f64::round), [2.0, 8.0]);
    }

    #[test]
    fn every_order_counts_once() {
        for count in 1..=MOST_OPTIONS {
            for at in 0..count {
                let all: f64 = sets_before(count, at).map(|(_, share)| share).sum();
                assert!((all - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn all_combinations_have_to_be_there() {
        let cell = |options: &str| CellRow {
            cell: options.to_owned(),
            engine: "any".to_owned(),
            options: options.to_owned(),
            ..CellRow::default()
        };
        let [off, one, other, both] = [
            r#"{"a":"off","b":"off"}"#,
            r#"{"a":"on","b":"off"}"#,
            r#"{"a":"off","b":"on"}"#,
            r#"{"a":"on","b":"on"}"#,
        ]
        .map(cell);
        let pair = |accelerated| Comparison { baseline: &off, accelerated, half_width: None };
        let found = Combinations::of(&[&one, &other, &both].map(pair)).unwrap();
        assert_eq!(found.options, ["a", "b"]);
        let keys: Vec<&CellRow> = found.cells;
        assert_eq!(keys, [&off, &one, &other, &both]);
        assert!(Combinations::of(&[&one, &both].map(pair)).is_none());
        let third = cell(r#"{"a":"half","b":"off"}"#);
        assert!(Combinations::of(&[&one, &other, &both, &third].map(pair)).is_none());
    }
}
