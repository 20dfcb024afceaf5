#![doc = include_str!("README.md")]

mod evaluation;
mod example;
mod fitted;
mod learned;
mod neighbours;
mod rows;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::OperatorClass;
use formbench_statistics::Estimate;

pub use evaluation::{Evaluation, Summary, Tested, evaluate};
pub use example::{Example, examples};
pub use fitted::Method;
use fitted::{Fitted, median};
pub use learned::{Learned, Predicted};
pub use rows::{TestedPredictions, tested};
pub use work::Work;

/// Share of architectures of families that nobody has seen whose latency is to lie in the interval.
pub const CONFIDENCE: f64 = 0.9;

/// Why a latency cannot be predicted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Unpredictable {
    /// Nothing of a kind of work was timed.
    #[error("no operator of its kind was timed: {}", class.label())]
    Kind {
        /// The kind.
        class: OperatorClass,
    },
    /// There is nothing that takes time.
    #[error("there is nothing in it that takes time")]
    Nothing,
    /// Too few architectures to know how wrong predictions are.
    #[error(
        "{found} architectures were timed operator by operator, and {needed} are needed to know how wrong predictions are"
    )]
    TooFew {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
}

/// What predicts latencies on an engine, and knows how wrong it is.
pub struct Predictor {
    fitted: Fitted,
    /// Logarithms of predicted over measured latency, of each architecture by all other families.
    errors: BTreeMap<String, f64>,
    margin: Margin,
}

/// What predictions are corrected by, and what is left then.
#[derive(Clone, Copy, Debug)]
struct Margin {
    /// Logarithm of what all predictions are multiplied with.
    log_factor: f64,
    /// Logarithm of the factor within which `CONFIDENCE` of the truths lie.
    log_size: f64,
}

impl Margin {
    /// Returns the margin of predictions that are wrong by so much.
    fn of(errors: impl Iterator<Item = f64>) -> Result<Self, Unpredictable> {
        let errors: Vec<f64> = errors.collect();
        let (found, needed) = (errors.len(), (CONFIDENCE / (1.0 - CONFIDENCE)).round() as usize);
        if found < needed {
            return Err(Unpredictable::TooFew { found, needed });
        }
        let log_factor = -median(errors.clone());
        let mut sizes: Vec<f64> = errors.iter().map(|error| (error + log_factor).abs()).collect();
        sizes.sort_by(f64::total_cmp);
        // One more than there are: what is predicted is as likely to be the worst as any.
        let rank = (CONFIDENCE * (found + 1) as f64).ceil() as usize;
        Ok(Self { log_factor, log_size: sizes[rank.clamp(1, found) - 1] })
    }

    /// Returns a prediction, corrected, with its interval.
    fn around(self, log: f64) -> Estimate {
        let log = log + self.log_factor;
        let [value, low, high] = [log, log - self.log_size, log + self.log_size].map(f64::exp);
        Estimate { value, low, high }
    }
}

impl Predictor {
    /// Returns what is learned from examples. How wrong it is follows from predictions of each family by the others.
    ///
    /// # Errors
    /// There are too few examples.
    pub fn new(method: Method, examples: &[&Example]) -> Result<Self, Unpredictable> {
        let errors = errors_of_families(method, examples);
        let margin = Margin::of(errors.values().copied())?;
        Ok(Self { fitted: Fitted::new(method, examples), errors, margin })
    }

    /// Returns how many milliseconds a graph takes, and the interval that holds `CONFIDENCE` of latencies.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed.
    pub fn predict_ms(&self, nodes: &[Work]) -> Result<Estimate, Unpredictable> {
        Ok(self.margin.around(self.fitted.log_ns(nodes)? - 1e6_f64.ln()))
    }

    /// Returns how many times as long as here a graph takes on another engine, and the interval that holds `CONFIDENCE` of
    /// such ratios: where predictions are wrong alike on both, it is narrower than latencies would have it.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed, or too few architectures on both.
    pub fn predict_speed_up(&self, over: &Self, nodes: &[Work]) -> Result<Estimate, Unpredictable> {
        let both = self
            .errors
            .iter()
            .filter_map(|(architecture, error)| Some(over.errors.get(architecture)? - error));
        let log = over.fitted.log_ns(nodes)? - self.fitted.log_ns(nodes)?;
        Ok(Margin::of(both)?.around(log))
    }
}

/// Returns the logarithms of predicted over measured latency: of each architecture by all other families. What cannot be
/// predicted by the others is left out.
fn errors_of_families(method: Method, examples: &[&Example]) -> BTreeMap<String, f64> {
    let families: BTreeSet<&str> = examples.iter().map(|one| one.family.as_str()).collect();
    let of_family = |family: &str| {
        let (held, others): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|one| one.family == family);
        let fitted = Fitted::new(method, &others);
        let error = |one: &Example| {
            let log_ns = fitted.log_ns(&one.nodes).ok()?;
            Some((one.architecture.clone(), log_ns - one.latency_ns.max(1.0).ln()))
        };
        held.into_iter().filter_map(error).collect::<Vec<_>>()
    };
    families.into_iter().flat_map(of_family).collect()
}
