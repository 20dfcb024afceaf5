use std::collections::BTreeMap;

use formbench_statistics::Estimate;
use serde::Serialize;

use super::{Evaluation, Example, Method, Predictor, Unpredictable, Work, evaluate, examples};
use crate::{Roof, Run};

/// The engine that speed-ups are over.
pub(super) const BASELINE: &str = "pytorch";

/// What runs say of engines, operator by operator.
#[derive(Debug, Default)]
pub struct Learned {
    examples: BTreeMap<String, Vec<Example>>,
    roof: Option<Roof>,
}

/// What an engine is predicted to take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Predicted {
    /// The engine.
    pub engine: String,
    /// Latency in ms, and the ends of its 90 % interval.
    pub latency_ms: [f64; 3],
    /// Speed-up over PyTorch, and the ends of its 90 % interval; nothing of PyTorch itself, or without it.
    pub speed_up: Option<[f64; 3]>,
    /// Architectures that it was learned from.
    pub architectures: usize,
}

impl Learned {
    /// Adds what a run says; an architecture that is known already is left as it is.
    pub fn add(&mut self, run: &Run) {
        let engines = run.cells.values().map(|cell| cell.engine.clone());
        let engines: std::collections::BTreeSet<String> = engines.collect();
        for engine in engines {
            let known = self.examples.entry(engine.clone()).or_default();
            for example in examples(run, &engine) {
                if !known.iter().any(|one| one.architecture == example.architecture) {
                    known.push(example);
                }
            }
        }
        self.examples.retain(|_, examples| !examples.is_empty());
        self.roof = self.roof.take().or_else(|| Roof::of(run, 1));
    }

    /// Returns the engines of which something is known.
    pub fn engines(&self) -> impl Iterator<Item = &str> {
        self.examples.keys().map(String::as_str)
    }

    /// Returns what a graph takes on an engine.
    ///
    /// # Errors
    /// Too little is known of the engine.
    pub fn predict(&self, engine: &str, nodes: &[Work]) -> Result<Predicted, Unpredictable> {
        let predictor = self.predictor(engine)?;
        let over = self.predictor(BASELINE).ok().filter(|_| engine != BASELINE);
        let ends = |Estimate { value, low, high }: Estimate| [value, low, high];
        Ok(Predicted {
            engine: engine.to_owned(),
            latency_ms: predictor.predict_ms(nodes).map(ends)?,
            speed_up: over
                .map(|over| predictor.predict_speed_up(&over, nodes).map(ends))
                .transpose()?,
            architectures: self.of(engine).len(),
        })
    }

    /// Returns predictions of all architectures whose families are left out, engine by engine, by each method.
    pub fn evaluations(&self) -> Vec<Evaluation> {
        let roof = self.roof.as_ref().map(Method::roof);
        let methods = [Method::Operators, Method::Unfused, Method::Macs].into_iter().chain(roof);
        let methods: Vec<Method> = methods.collect();
        let of_engine = |(engine, examples): (&String, &Vec<Example>)| {
            methods.iter().map(|method| evaluate(engine, *method, examples)).collect::<Vec<_>>()
        };
        self.examples.iter().flat_map(of_engine).collect()
    }

    fn predictor(&self, engine: &str) -> Result<Predictor, Unpredictable> {
        let examples: Vec<&Example> = self.of(engine).iter().collect();
        Predictor::new(Method::Operators, &examples)
    }

    fn of(&self, engine: &str) -> &[Example] {
        self.examples.get(engine).map_or(&[], Vec::as_slice)
    }
}
