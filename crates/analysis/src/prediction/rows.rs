use std::collections::BTreeMap;

use formbench_statistics::Estimate;
use formbench_store::{CellKind, CellRow};

use super::learned::BASELINE;
use super::{Evaluation, Learned, Method};
use crate::rows::sort_by_best;
use crate::series::SeriesIndex;
use crate::{Row, Series, View};

/// Predictions of the networks of a view whose families are left out, beside what was measured.
pub struct TestedPredictions {
    /// Predicted latency over the measured one with its 90 % interval: a row per network and engine, the most overestimated
    /// network first.
    pub rows: Vec<Row>,
    /// What all of them come to, a sentence per engine.
    pub said: Vec<String>,
}

/// Returns the predictions of a view's networks, each by the families of all others.
pub fn tested(view: &View<'_>, cells: &[&CellRow]) -> TestedPredictions {
    let is_plain = |cell: &&CellRow| {
        cell.kind == CellKind::Network && cell.threads == 1 && cell.options == "{}"
    };
    let plain: Vec<&CellRow> = cells.iter().copied().filter(is_plain).collect();
    let index = SeriesIndex::of_engines(plain.iter().map(|cell| (*cell, None)));
    let series: BTreeMap<(&str, String), Series> = plain
        .iter()
        .map(|cell| ((cell.engine.as_str(), cell.architecture()), index.of_engine(cell, None)))
        .collect();
    let mut learned = Learned::default();
    learned.add(view.run);
    let evaluations = learned.evaluations();
    let by = |method: &'static str| evaluations.iter().filter(move |one| one.method == method);
    let ours = Method::Operators.label();
    let row = |evaluation: &Evaluation| {
        let tested = evaluation.tested.iter();
        let row = |one: &super::Tested| {
            let place = (evaluation.engine.as_str(), one.architecture.clone());
            let [value, low, high] = one.predicted_ms.map(|ms| ms / one.measured_ms);
            let estimate = Estimate { value, low, high };
            Some(Row::new(&one.architecture, series.get(&place)?.clone(), estimate))
        };
        tested.filter_map(row).collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = by(ours).flat_map(row).collect();
    sort_by_best(&mut rows, |row| -row.value);
    let baseline = by(ours).find(|one| one.engine == BASELINE);
    let sentence = |one: &Evaluation| {
        let others = evaluations.iter().filter(|other| other.engine == one.engine);
        one.sentence(others.filter(|other| other.method != ours), baseline)
    };
    TestedPredictions { rows, said: by(ours).filter_map(sentence).collect() }
}
