use std::collections::BTreeMap;

use formbench_statistics::Estimate;
use formbench_store::{CellKind, CellRow, InputShape};

use super::{Evaluation, Learned, Method};
use crate::rows::sort_by_best;
use crate::series::SeriesIndex;
use crate::{Row, Series, View};

/// Predictions of the networks of a view whose families are left out, beside what was measured.
pub struct TestedPredictions {
    /// By how much the predicted latency is longer than the measured one, in percent, with its 90 % interval: a row per network
    /// and engine, the most overestimated network first.
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
    let place = |engine: &str, architecture: &str, input: &InputShape| {
        (engine.to_owned(), architecture.to_owned(), input.clone())
    };
    let series: BTreeMap<_, Series> = plain
        .iter()
        .map(|cell| {
            let place = place(&cell.engine, &cell.architecture(), &cell.input_shape());
            (place, index.of_engine(cell, None))
        })
        .collect();
    let mut learned = Learned::default();
    learned.add(view.run);
    let mut evaluations = learned.evaluations();
    for Evaluation { engine, tested, .. } in &mut evaluations {
        tested.retain(|one| series.contains_key(&place(engine, &one.architecture, &one.input)));
    }
    let by = |method: &'static str| evaluations.iter().filter(move |one| one.method == method);
    let ours = Method::Operators.label();
    let row = |evaluation: &Evaluation| {
        let tested = evaluation.tested.iter();
        let row = |one: &super::Tested| {
            let place = place(&evaluation.engine, &one.architecture, &one.input);
            let percent = |ms: f64| 100.0 * (ms / one.measured_ms - 1.0);
            let [value, low, high] = one.predicted_ms.map(percent);
            let estimate = Estimate { value, low, high };
            Some(Row::new(&one.architecture, series.get(&place)?.clone(), estimate))
        };
        tested.filter_map(row).collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = by(ours).flat_map(row).collect();
    sort_by_best(&mut rows, |row| -row.value);
    TestedPredictions { rows, said: Evaluation::sentences(&evaluations, |_| true) }
}
