use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use formbench_store::CellRow;
use serde::Serialize;

use super::saved_operator::most_saved;
use super::{Account, SavedOperator, TimedSaving, name};
use crate::cells::compared;
use crate::series::engine_label;
use crate::usual_inputs::UsualInputs;
use crate::view::Comparison;
use crate::{Run, View};

/// What an engine saves on an architecture over its baseline, and on what; of one profile of each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Saving {
    /// Label of the architecture.
    pub architecture: String,
    /// The engine with its options.
    pub engine: String,
    /// Its baseline.
    pub over: String,
    /// How many architectures, each at each of its inputs, it is the mean of.
    pub architectures: usize,
    /// Share of the baseline's latency that is saved; less than 0 of an engine that takes longer.
    pub saved: f64,
    /// What it is saved on, most first.
    pub parts: Vec<SavedPart>,
    /// The operator on which most is saved.
    pub most: Option<SavedOperator>,
    /// What of it the optimisation of the graph saves, as timed, not profiled; nothing where the run did not time the engine
    /// without.
    pub timed: Option<TimedSaving>,
}

/// What is saved on one part of an inference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SavedPart {
    /// What the part is called.
    pub part: &'static str,
    /// What it takes on the baseline, as a share of the baseline's latency.
    pub baseline_share: f64,
    /// What it takes on the engine, as a share of the baseline's latency.
    pub engine_share: f64,
}

impl SavedPart {
    /// Returns what is saved on it, as a share of the baseline's latency.
    pub fn saved(&self) -> f64 {
        self.baseline_share - self.engine_share
    }
}

/// Returns what each engine saves on each architecture whose operators were timed on both sides, of the cells that `takes`
/// accepts; the engine that saves most on an architecture first, and an engine's mean over several architectures last.
pub fn savings(run: &Run, takes: impl Fn(&CellRow) -> bool) -> Vec<Saving> {
    let pairs: Vec<Comparison<'_>> =
        compared(run).into_values().filter(|pair| takes(pair.accelerated)).collect();
    let images = UsualInputs::of(pairs.iter().map(|pair| pair.accelerated));
    let saving = |pair: &Comparison<'_>| {
        let architecture = images.label(&pair.accelerated.architecture(), pair.accelerated);
        Some(Saving { architecture, ..Saving::of(run, *pair)? })
    };
    let mut savings: Vec<Saving> = pairs.iter().filter_map(saving).collect();
    savings.sort_by(|a, b| {
        let by_name = a.architecture.cmp(&b.architecture);
        by_name.then(b.saved.total_cmp(&a.saved)).then_with(|| a.engine.cmp(&b.engine))
    });
    let mut of_engines: BTreeMap<(&str, &str), Vec<&Saving>> = BTreeMap::new();
    for saving in &savings {
        let key = (saving.engine.as_str(), saving.over.as_str());
        of_engines.entry(key).or_default().push(saving);
    }
    let mut means: Vec<Saving> = of_engines.values().filter_map(|of| Saving::mean(of)).collect();
    means.sort_by(|a, b| b.saved.total_cmp(&a.saved));
    [savings, means].concat()
}

impl Saving {
    /// Returns what a comparison saves, if both sides' operators were timed.
    pub(super) fn of(run: &Run, pair: Comparison<'_>) -> Option<Self> {
        let (baseline, engine) =
            Account::of(run, pair.baseline).zip(Account::of(run, pair.accelerated))?;
        let share = |ns: f64| ns / baseline.latency_ns;
        let part = |part: InferencePart| SavedPart {
            part: name(part),
            baseline_share: share(baseline.take(&[part])),
            engine_share: share(engine.take(&[part])),
        };
        let parts = InferencePart::ALL.into_iter().map(part);
        Some(Self {
            architecture: pair.accelerated.architecture(),
            engine: engine_label(pair.accelerated),
            over: engine_label(pair.baseline),
            architectures: 1,
            saved: 1.0 - share(engine.latency_ns),
            parts: most_first(parts.collect()),
            most: most_saved(&baseline, &engine),
            timed: TimedSaving::of(run, pair),
        })
    }

    /// Returns the mean over the architectures of one engine, each of which counts by its share of its baseline's latency;
    /// nothing of a single one. No operator is one of several architectures.
    fn mean(of: &[&Self]) -> Option<Self> {
        let first = *of.first().filter(|_| of.len() > 1)?;
        let mean = |value: &dyn Fn(&Self) -> f64| mean_of(of, |one| value(one));
        let part = |part: &'static str| {
            let of_part = |one: &Self| one.parts.iter().find(|other| other.part == part).copied();
            SavedPart {
                part,
                baseline_share: mean(&|one| of_part(one).map_or(0.0, |part| part.baseline_share)),
                engine_share: mean(&|one| of_part(one).map_or(0.0, |part| part.engine_share)),
            }
        };
        let parts = InferencePart::ALL.into_iter().map(|one| part(name(one))).collect();
        let timed: Option<Vec<TimedSaving>> = of.iter().map(|one| one.timed).collect();
        let timed = timed.map(|timed| TimedSaving {
            all: mean_of(&timed, |one| one.all),
            by_graph_optimisation: mean_of(&timed, |one| one.by_graph_optimisation),
        });
        Some(Self {
            architecture: format!("mean of {}", of.len()),
            architectures: of.len(),
            saved: mean(&|one| one.saved),
            parts: most_first(parts),
            most: None,
            timed,
            ..first.clone()
        })
    }
}

fn mean_of<T>(all: &[T], value: impl Fn(&T) -> f64) -> f64 {
    all.iter().map(value).sum::<f64>() / all.len() as f64
}

fn most_first(mut parts: Vec<SavedPart>) -> Vec<SavedPart> {
    parts.retain(|part| part.baseline_share > 0.0 || part.engine_share > 0.0);
    parts.sort_by(|a, b| b.saved().total_cmp(&a.saved()));
    parts
}

/// Returns what an engine saves on an architecture, as shares of the baseline's latency: in some parts of the inference,
/// and in all. Nothing without profiles of both sides.
pub(crate) fn saved(
    view: &View<'_>,
    pair: Comparison<'_>,
    parts: &[InferencePart],
) -> Option<(f64, f64)> {
    let (baseline, engine) =
        Account::of(view.run, pair.baseline).zip(Account::of(view.run, pair.accelerated))?;
    let share = |ns: f64| ns / baseline.latency_ns;
    let by_parts = share(baseline.take(parts) - engine.take(parts));
    Some((by_parts, share(baseline.latency_ns - engine.latency_ns)))
}

#[cfg(test)]
mod tests {
    use formbench_protocol::OperatorClass;
    use formbench_store::{MemberRow, OperatorRow, Sample};

    use super::*;
    use crate::BlockLatency;

    const POOL: InferencePart = InferencePart::Work(OperatorClass::Pool);
    const NORM: InferencePart = InferencePart::Work(OperatorClass::Normalisation);

    /// Adds a cell of an architecture that takes so long, with operators as `(class, node, ns)`.
    fn add(
        run: &mut Run,
        [name, engine, options]: [&str; 3],
        latency_ns: u64,
        operators: &[(InferencePart, &str, f64)],
    ) {
        let cell = format!("{name} {engine} {options}");
        let operator = |(class, node, ns): &(InferencePart, &str, f64)| OperatorRow {
            cell: cell.clone(),
            class: *class,
            nodes: vec![(*node).to_string()],
            ns: *ns,
            latency_ns: latency_ns as f64,
            ..OperatorRow::default()
        };
        run.operators.extend(operators.iter().map(operator));
        let block = BlockLatency::of(&[Sample { turn: None, latency_ns }]);
        run.latencies.insert(cell.clone(), [(0, [(0, block)].into())].into());
        let baseline = engine == "pytorch";
        run.members.push(MemberRow { cell: cell.clone(), baseline, ..MemberRow::default() });
        let [name, engine, options] = [name, engine, options].map(str::to_string);
        run.cells
            .insert(cell.clone(), CellRow { cell, name, engine, options, ..CellRow::default() });
    }

    fn run() -> Run {
        let mut run = Run::default();
        add(&mut run, ["one", "pytorch", "{}"], 100, &[(POOL, "p", 40.0), (NORM, "n", 50.0)]);
        add(&mut run, ["one", "onnxruntime", "{}"], 20, &[(POOL, "p", 10.0), (NORM, "n", 5.0)]);
        add(&mut run, ["one", "onnxruntime", r#"{"graph_optimization":"disabled"}"#], 40, &[]);
        add(&mut run, ["two", "pytorch", "{}"], 1000, &[(NORM, "n", 1000.0)]);
        add(&mut run, ["two", "onnxruntime", "{}"], 600, &[(NORM, "n", 600.0)]);
        run
    }

    #[test]
    fn what_is_saved_is_told_by_kind_by_operator_and_by_rewriting() {
        let found = savings(&run(), |_| true);
        let [one, two, mean] = found.as_slice() else { panic!("{found:?}") };
        let parts = |saving: &Saving| {
            let percent = |part: &SavedPart| (part.part, (1000.0 * part.saved()).round() / 10.0);
            saving.parts.iter().map(percent).collect::<Vec<_>>()
        };
        assert_eq!((one.saved, one.over.as_str()), (0.8, "pytorch"));
        // Of 100 ns 45 are saved on the norm and 30 on the pool, and 5 between operators.
        let expected = [("normalisation", 45.0), ("pool", 30.0), ("between operators", 5.0)];
        assert_eq!(parts(one), expected);
        let most = one.most.as_ref().unwrap();
        assert_eq!((&most.nodes[..], most.part), (&["n".to_string()][..], "normalisation"));
        assert_eq!((most.baseline_share, most.engine_share), (0.5, 0.05));
        // With the graph left as it is it takes 40 ns: 20 of the 80 that are saved.
        let timed = one.timed.unwrap();
        assert!(
            (timed.all - 0.8).abs() < 1e-12 && (timed.by_graph_optimisation - 0.2).abs() < 1e-12
        );
        // Each counts by its share of its baseline's latency, however long that is.
        assert_eq!((mean.architecture.as_str(), mean.architectures), ("mean of 2", 2));
        assert!((mean.saved - 0.6).abs() < 1e-12, "{mean:?}");
        // A half of 45 and 40, and of 30 and none.
        assert_eq!(parts(mean)[..2], [("normalisation", 42.5), ("pool", 15.0)]);
        // The other was not timed without its optimisation.
        assert_eq!((two.timed, mean.timed, &mean.most), (None, None, &None));
    }

    #[test]
    fn an_engine_that_takes_longer_saves_less_than_nothing() {
        let mut run = run();
        let slower = ["two", "onnxruntime", r#"{"graph_optimization":"disabled"}"#];
        add(&mut run, slower, 1200, &[(NORM, "n", 1100.0), (POOL, "p", 50.0)]);
        let found = savings(&run, |cell| cell.name == "two");
        let [fast, slow] = found.as_slice() else { panic!("{found:?}") };
        assert!(fast.saved > 0.0 && (slow.saved + 0.2).abs() < 1e-12, "{slow:?}");
        assert_eq!(slow.most, None);
        let timed = fast.timed.unwrap();
        assert!(
            (timed.all - 0.4).abs() < 1e-12 && (timed.by_graph_optimisation - 0.6).abs() < 1e-12
        );
        // Now that both were timed without, the mean is.
        let found = savings(&run, |cell| cell.options == "{}");
        let timed = found.last().and_then(|mean| mean.timed).unwrap();
        assert!(
            (timed.all - 0.6).abs() < 1e-12 && (timed.by_graph_optimisation - 0.4).abs() < 1e-12
        );
    }

    #[test]
    fn of_one_architecture_there_is_no_mean_and_without_profiles_nothing() {
        let of_one = savings(&run(), |cell| cell.name == "two");
        assert_eq!(of_one.len(), 1);
        let unprofiled = Run { operators: Vec::new(), ..run() };
        assert_eq!(savings(&unprofiled, |_| true), []);
    }
}
