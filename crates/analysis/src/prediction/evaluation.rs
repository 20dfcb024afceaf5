use std::collections::BTreeSet;

use formbench_statistics::{Estimate, rank_correlation};
use formbench_store::InputShape;
use serde::Serialize;

use super::fitted::median;
use super::learned::BASELINE;
use super::{Example, Method, Predictor};

/// A prediction of an architecture whose family was left out, beside what was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tested {
    /// Label of the architecture.
    pub architecture: String,
    /// What it is given.
    #[serde(skip)]
    pub input: InputShape,
    /// The family that was left out.
    pub family: String,
    /// Measured latency in ms.
    pub measured_ms: f64,
    /// Predicted latency in ms, and the ends of its 90 % interval.
    pub predicted_ms: [f64; 3],
}

/// All predictions of one engine by one method.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// The engine.
    pub engine: String,
    /// What is predicted from.
    pub method: &'static str,
    /// Of each architecture, in order of families.
    pub tested: Vec<Tested>,
}

/// How good predictions are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Architectures.
    pub count: usize,
    /// Share of them whose predicted latency is within 20 % of the measured one.
    pub within_20_percent: f64,
    /// Median of the relative error's size.
    pub median_error: f64,
    /// Share of the intervals that hold the measured latency.
    pub coverage: f64,
}

/// Predicts each architecture that is to be tested by all other families; nothing is tested that the others cannot predict.
pub fn evaluate(engine: &str, method: Method, examples: &[Example]) -> Evaluation {
    let tested = examples.iter().filter(|one| one.is_tested);
    let families: BTreeSet<&str> = tested.map(|one| one.family.as_str()).collect();
    let of_family = |family: &str| {
        let (held, others): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|one| one.family == family);
        let predictor = Predictor::new(method, &others).ok();
        let tested = |one: &Example| {
            let Estimate { value, low, high } = predictor.as_ref()?.predict_ms(&one.nodes).ok()?;
            Some(Tested {
                architecture: one.architecture.clone(),
                input: one.input.clone(),
                family: one.family.clone(),
                measured_ms: one.latency_ns / 1e6,
                predicted_ms: [value, low, high],
            })
        };
        held.into_iter().filter_map(tested).collect::<Vec<_>>()
    };
    let tested = families.into_iter().flat_map(of_family).collect();
    Evaluation { engine: engine.to_owned(), method: method.label(), tested }
}

impl Evaluation {
    /// Returns how good the predictions are; nothing of none.
    pub fn summary(&self) -> Option<Summary> {
        let count = self.tested.len();
        let error = |one: &Tested| (one.predicted_ms[0] / one.measured_ms - 1.0).abs();
        let share = |is_so: &dyn Fn(&Tested) -> bool| {
            self.tested.iter().filter(|one| is_so(one)).count() as f64 / count as f64
        };
        let is_held = |one: &Tested| {
            let [_, low, high] = one.predicted_ms;
            (low..=high).contains(&one.measured_ms)
        };
        (count > 0).then(|| Summary {
            count,
            within_20_percent: share(&|one| error(one) <= 0.2),
            median_error: median(self.tested.iter().map(error).collect()),
            coverage: share(&is_held),
        })
    }

    /// Returns how good the predictions are beside those of other methods, in a sentence; nothing of none.
    fn sentence<'a>(
        &self,
        others: impl Iterator<Item = &'a Self>,
        baseline: Option<&Self>,
    ) -> Option<String> {
        let Summary { count, within_20_percent, median_error, coverage } = self.summary()?;
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let others = others.filter_map(|other| {
            Some(format!("{} {}", percent(other.summary()?.median_error), other.method))
        });
        let ranks = baseline.filter(|over| over.engine != self.engine);
        let ranks = ranks.and_then(|over| Some((over, self.speed_up_correlation(over)?)));
        let ranks = ranks.map_or_else(String::new, |(over, correlation)| {
            format!("; speed-ups over {} have a rank correlation of {correlation:.2}", over.engine)
        });
        Some(format!(
            "{}: {} of {count} within 20 %, {} of the intervals hold the measured latency, median error {} ({}){ranks}",
            self.engine,
            percent(within_20_percent),
            percent(coverage),
            percent(median_error),
            others.collect::<Vec<_>>().join(", "),
        ))
    }

    /// Returns how good the predictions by operators are among all evaluations, a sentence per engine that is asked for.
    pub fn sentences(evaluations: &[Self], is_asked: impl Fn(&str) -> bool) -> Vec<String> {
        let ours = Method::Operators.label();
        let by_operators = || evaluations.iter().filter(|one| one.method == ours);
        let baseline = by_operators().find(|one| one.engine == BASELINE);
        let sentence = |one: &Self| {
            let others = evaluations.iter().filter(|other| other.engine == one.engine);
            one.sentence(others.filter(|other| other.method != ours), baseline)
        };
        by_operators().filter(|one| is_asked(&one.engine)).filter_map(sentence).collect()
    }

    /// Returns the rank correlation of predicted and measured speed-ups over another engine.
    pub fn speed_up_correlation(&self, over: &Self) -> Option<f64> {
        let pair = |one: &Tested| {
            let place = |of: &Tested| (of.architecture.clone(), of.input.clone());
            let same = |other: &&Tested| place(other) == place(one);
            let other = over.tested.iter().find(same)?;
            let predicted = other.predicted_ms[0] / one.predicted_ms[0];
            Some((predicted, other.measured_ms / one.measured_ms))
        };
        rank_correlation(&self.tested.iter().filter_map(pair).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::OperatorClass;

    use super::*;
    use crate::prediction::OperatorWork;

    fn work(class: OperatorClass, macs: u64, bytes: u64) -> OperatorWork {
        OperatorWork { class, after: None, macs, flops: bytes, bytes, positions: 1 }
    }

    /// Returns an architecture of so many equal products of which each takes a nanosecond per MAC, and of activations that
    /// the engine fuses.
    fn example(family: usize, products: usize) -> Example {
        let macs = 1000 * (1 + family as u64);
        let product = work(OperatorClass::Linear, macs, 4 * macs);
        let fused = work(OperatorClass::Activation, 0, macs);
        let ns = macs as f64;
        let latency_ns = products as f64 * ns + 100.0;
        Example {
            architecture: format!("{family}-{products}"),
            input: InputShape::default(),
            family: family.to_string(),
            is_tested: true,
            nodes: [vec![product; products], vec![fused; products]].concat(),
            operators: vec![(product, ns); products],
            own_ns: 0.0,
            profile_ns: latency_ns,
            latency_ns,
        }
    }

    fn examples() -> Vec<Example> {
        (0..15).flat_map(|family| [4, 8].map(|products| example(family, products))).collect()
    }

    #[test]
    fn what_an_engine_fuses_costs_nothing_and_intervals_hold_the_truth() {
        let found = evaluate("any", Method::Operators, &examples()).summary().unwrap();
        assert_eq!(found.count, 30);
        assert!(found.within_20_percent == 1.0 && found.median_error < 0.03, "{found:?}");
        assert!(found.coverage > 0.8, "{found:?}");
    }

    #[test]
    fn what_is_there_to_learn_from_is_not_tested_and_has_no_vote_on_errors() {
        let mut examples = examples();
        let alone = evaluate("any", Method::Macs, &examples);
        let odd = example(7, 4);
        let odd = Example { family: "odd".to_owned(), is_tested: false, latency_ns: 1.0, ..odd };
        examples.extend(vec![odd; 9]);
        let found = evaluate("any", Method::Macs, &examples);
        assert_eq!(found, alone);
    }

    #[test]
    fn a_kind_that_was_never_timed_is_refused() {
        let examples = examples();
        let predictor = Predictor::new(Method::Operators, &examples.iter().collect::<Vec<_>>());
        let pool = work(OperatorClass::Pool, 0, 8);
        let said = predictor.unwrap().predict_ms(&[pool]).unwrap_err().to_string();
        assert_eq!(said, "no operator of its kind was timed: pool");
        let few: Vec<&Example> = examples[..4].iter().collect();
        let said = Predictor::new(Method::Macs, &few).err().unwrap().to_string();
        assert!(
            said.starts_with("architectures of 2 families were timed operator by operator, and 9"),
            "{said}"
        );
    }

    #[test]
    fn speed_ups_are_ranked_as_they_were_measured() {
        // Elsewhere each product takes twice its time and 10 µs: small products lose more.
        let elsewhere = |one: &Example| {
            let took = |(work, ns): &(OperatorWork, f64)| (*work, 2.0 * ns + 1e4);
            let operators: Vec<(OperatorWork, f64)> = one.operators.iter().map(took).collect();
            let latency_ns = operators.iter().map(|(_, ns)| ns).sum();
            Example { operators, latency_ns, profile_ns: latency_ns, ..one.clone() }
        };
        let slow: Vec<Example> = examples().iter().map(elsewhere).collect();
        let fast = evaluate("fast", Method::Operators, &examples());
        let slow = evaluate("slow", Method::Operators, &slow);
        let correlation = fast.speed_up_correlation(&slow).unwrap();
        assert!(correlation > 0.9, "{correlation}");
        let said = fast.sentence(std::iter::empty(), Some(&slow)).unwrap();
        assert!(said.starts_with("fast: 100 % of 30 within 20 %"), "{said}");
        assert!(said.contains("speed-ups over slow have a rank correlation of"), "{said}");
    }
}
