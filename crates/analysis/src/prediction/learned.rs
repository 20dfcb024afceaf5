use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::Estimate;
use rayon::prelude::*;
use serde::Serialize;

use super::{
    Evaluation, Example, Method, OperatorWork, Predictor, Unpredictable, evaluate, examples,
};
use crate::{Roof, Run};

/// The engine that speed-ups are over.
pub(super) const BASELINE: &str = "pytorch";

/// What runs say of engines, operator by operator.
#[derive(Debug, Default)]
pub struct Learned {
    examples: BTreeMap<String, Vec<Example>>,
    roof: Option<Roof>,
}

/// Why nothing is predicted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PredictionError {
    /// An engine was not profiled.
    #[error("`{name}` was not profiled; known: {known}")]
    UnknownEngine {
        /// What was asked for.
        name: String,
        /// The engines that were.
        known: String,
    },
    /// An engine that was asked for cannot be predicted.
    #[error("{name}")]
    Engine {
        /// The engine.
        name: String,
        /// Why.
        source: Unpredictable,
    },
    /// No engine can be predicted.
    #[error(
        "no engine's latency can be predicted; `formbench compare` and `formbench run` measure it"
    )]
    None,
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
    /// Latency of the fastest of them, in ms.
    pub fastest_ms: f64,
}

impl Predicted {
    /// Returns whether it is faster than everything that it was learned from: nothing says how wrong it is there.
    pub fn is_beyond_known(&self) -> bool {
        self.latency_ms[0] < self.fastest_ms
    }
}

impl Learned {
    /// Adds what a run says; an architecture that is known already at its input is left as it is, so that the latest run comes
    /// first.
    pub fn add(&mut self, run: &Run) {
        let engines = run.cells.values().map(|cell| cell.engine.clone());
        let engines: BTreeSet<String> = engines.collect();
        for engine in engines {
            let known = self.examples.entry(engine.clone()).or_default();
            for example in examples(run, &engine) {
                let place = |one: &Example| (one.architecture.clone(), one.input.clone());
                if !known.iter().any(|one| place(one) == place(&example)) {
                    known.push(example);
                }
            }
        }
        self.examples.retain(|_, examples| !examples.is_empty());
        self.roof = self.roof.take().or_else(|| Roof::of(run, 1));
    }

    /// Returns what predicts the engines that are asked for, or all; engines are fitted side by side, since each leaves out every
    /// family once.
    ///
    /// # Errors
    /// An engine that is asked for is not known.
    pub fn fit<'l>(
        &'l self,
        engines: &'l [String],
    ) -> Result<EnginePredictors<'l>, PredictionError> {
        if let Some(name) = engines.iter().find(|name| !self.examples.contains_key(*name)) {
            let known: Vec<&str> = self.examples.keys().map(String::as_str).collect();
            let (name, known) = (name.clone(), known.join(", "));
            return Err(PredictionError::UnknownEngine { name, known });
        }
        let is_needed = |name: &str| name == BASELINE || is_asked(engines, name);
        let needed: Vec<_> = self.examples.iter().filter(|(name, _)| is_needed(name)).collect();
        let fitted = needed.into_par_iter().map(|(engine, examples)| {
            let examples: Vec<&Example> = examples.iter().collect();
            let predictor = Predictor::new(Method::Operators, &examples);
            let fastest_ns =
                examples.iter().map(|one| one.latency_ns).fold(f64::INFINITY, f64::min);
            let architectures = examples.len();
            (engine.as_str(), EnginePredictor { predictor, architectures, fastest_ns })
        });
        Ok(EnginePredictors { engines, predictors: fitted.collect() })
    }

    /// Returns predictions of all architectures whose families are left out, engine by engine, by each method.
    pub fn evaluations(&self) -> Vec<Evaluation> {
        let roof = self.roof.as_ref().map(Method::roof);
        let methods = [Method::Operators, Method::Unfused, Method::Macs].into_iter().chain(roof);
        let methods: Vec<Method> = methods.collect();
        let of_engine = |(engine, examples): (&String, &Vec<Example>)| {
            methods.iter().map(|method| evaluate(engine, *method, examples)).collect::<Vec<_>>()
        };
        self.examples.par_iter().flat_map_iter(of_engine).collect()
    }
}

/// What predicts the engines that are asked for.
pub struct EnginePredictors<'l> {
    /// What was asked for; nothing for all.
    engines: &'l [String],
    predictors: BTreeMap<&'l str, EnginePredictor>,
}

struct EnginePredictor {
    predictor: Result<Predictor, Unpredictable>,
    /// Architectures that it was learned from.
    architectures: usize,
    /// Latency of the fastest of them.
    fastest_ns: f64,
}

impl EnginePredictors<'_> {
    /// Returns what a graph takes on the engines that are asked for; of all engines, why one cannot be predicted is noticed.
    ///
    /// # Errors
    /// An engine that is asked for cannot be predicted, or none can.
    pub fn predict(
        &self,
        nodes: &[OperatorWork],
        notice: &dyn Fn(&str),
    ) -> Result<Vec<Predicted>, PredictionError> {
        let over = self.predictors.get(BASELINE).and_then(|over| over.predictor.as_ref().ok());
        let mut found = Vec::new();
        let asked = self.predictors.iter().filter(|(name, _)| is_asked(self.engines, name));
        for (engine, predictor) in asked {
            match predictor.predict(engine, over.filter(|_| *engine != BASELINE), nodes) {
                Ok(predicted) => found.push(predicted),
                Err(error) if self.engines.is_empty() => notice(&format!("{engine}: {error}")),
                Err(source) => {
                    return Err(PredictionError::Engine { name: (*engine).to_owned(), source });
                }
            }
        }
        if found.is_empty() { Err(PredictionError::None) } else { Ok(found) }
    }
}

impl EnginePredictor {
    fn predict(
        &self,
        engine: &str,
        over: Option<&Predictor>,
        nodes: &[OperatorWork],
    ) -> Result<Predicted, Unpredictable> {
        let ends = |Estimate { value, low, high }: Estimate| [value, low, high];
        let predictor = self.predictor.as_ref().map_err(|error| *error)?;
        Ok(Predicted {
            engine: engine.to_owned(),
            latency_ms: predictor.predict_ms(nodes).map(ends)?,
            speed_up: over.and_then(|over| predictor.predict_speed_up(over, nodes).ok()).map(ends),
            architectures: self.architectures,
            fastest_ms: self.fastest_ns * 1e-6,
        })
    }
}

fn is_asked(engines: &[String], name: &str) -> bool {
    engines.is_empty() || engines.iter().any(|one| one == name)
}
