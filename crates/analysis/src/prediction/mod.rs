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
use formbench_store::InputShape;

pub use evaluation::{Evaluation, Summary, Tested, evaluate};
pub use example::{Example, examples};
pub use fitted::Method;
use fitted::{Fitted, median};
pub use learned::{EnginePredictors, Learned, Predicted, PredictionError};
pub use rows::{TestedPredictions, tested};
pub use work::OperatorWork;

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
    /// Too few families to know how wrong predictions are.
    #[error(
        "architectures of {found} families were timed operator by operator, and {needed} are needed to know how wrong predictions are"
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
    /// Of each architecture at its input, predicted by all other families.
    errors: BTreeMap<(String, InputShape), FamilyError>,
    margin: Margin,
}

/// How wrong a prediction is.
#[derive(Clone, Debug)]
struct FamilyError {
    /// The family that was left out.
    family: String,
    /// Logarithm of predicted over measured.
    log: f64,
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
    /// Returns the margin of predictions that are wrong by so much. Each is corrected by the errors of other families, and
    /// each family has one vote: what is predicted belongs to one more.
    fn of(errors: &[FamilyError]) -> Result<Self, Unpredictable> {
        let mut families: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for FamilyError { family, log } in errors {
            families.entry(family).or_default().push(*log);
        }
        let (found, needed) = (families.len(), (CONFIDENCE / (1.0 - CONFIDENCE)).round() as usize);
        if found < needed {
            return Err(Unpredictable::TooFew { found, needed });
        }
        let middles: BTreeMap<&str, f64> =
            families.iter().map(|(family, logs)| (*family, median(logs.clone()))).collect();
        let size = |FamilyError { family, log }: &FamilyError| {
            let others = middles.iter().filter(|(other, _)| **other != family.as_str());
            let corrected = log - median(others.map(|(_, middle)| *middle).collect());
            (corrected.abs(), 1.0 / families[family.as_str()].len() as f64)
        };
        let mut sizes: Vec<(f64, f64)> = errors.iter().map(size).collect();
        sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut open = CONFIDENCE * (found + 1) as f64;
        let reached = sizes.iter().find(|(_, vote)| {
            open -= vote;
            // Votes add up to whole ones but for rounding.
            open < 1e-9
        });
        let log_size = reached.or(sizes.last()).map_or(0.0, |(size, _)| *size);
        let log_factor = -median(middles.into_values().collect());
        Ok(Self { log_factor, log_size })
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
        let margin = Margin::of(&errors.values().cloned().collect::<Vec<_>>())?;
        Ok(Self { fitted: Fitted::new(method, examples), errors, margin })
    }

    /// Returns how many milliseconds a graph takes, and the interval that holds `CONFIDENCE` of latencies.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed.
    pub fn predict_ms(&self, nodes: &[OperatorWork]) -> Result<Estimate, Unpredictable> {
        Ok(self.margin.around(self.fitted.log_ns(nodes)? - 1e6_f64.ln()))
    }

    /// Returns how many times as long as here a graph takes on another engine, and the interval that holds `CONFIDENCE` of
    /// such ratios: where predictions are wrong alike on both, it is narrower than latencies would have it.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed, or too few architectures on both.
    pub fn predict_speed_up(
        &self,
        over: &Self,
        nodes: &[OperatorWork],
    ) -> Result<Estimate, Unpredictable> {
        let both = self.errors.iter().filter_map(|(place, FamilyError { family, log })| {
            let log = over.errors.get(place)?.log - log;
            Some(FamilyError { family: family.clone(), log })
        });
        let log = over.fitted.log_ns(nodes)? - self.fitted.log_ns(nodes)?;
        Ok(Margin::of(&both.collect::<Vec<_>>())?.around(log))
    }
}

/// Returns how wrong predictions are of each architecture by all other families. What cannot be predicted by the others is
/// left out.
fn errors_of_families(
    method: Method,
    examples: &[&Example],
) -> BTreeMap<(String, InputShape), FamilyError> {
    let tested = examples.iter().filter(|one| one.is_tested);
    let families: BTreeSet<&str> = tested.map(|one| one.family.as_str()).collect();
    let of_family = |family: &str| {
        let (held, others): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|one| one.family == family);
        let fitted = Fitted::new(method, &others);
        let error = |one: &Example| {
            let log = fitted.log_ns(&one.nodes).ok()? - one.latency_ns.max(1.0).ln();
            let family = one.family.clone();
            Some(((one.architecture.clone(), one.input.clone()), FamilyError { family, log }))
        };
        held.into_iter().filter_map(error).collect::<Vec<_>>()
    };
    families.into_iter().flat_map(of_family).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns numbers between 0 and 1 that look random: a linear congruential generator's upper bits.
    fn numbers() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    #[test]
    fn nine_of_ten_families_that_nobody_has_seen_lie_in_the_interval() {
        let mut next = numbers();
        // About normal, with what relatives share.
        let mut normal = move || (0..12).map(|_| next()).sum::<f64>() - 6.0;
        let (tries, mut held) = (2000, 0);
        for _ in 0..tries {
            let mut errors = Vec::new();
            for family in 0..20 {
                let shared = normal();
                for _ in 0..1 + family % 4 {
                    let log = 0.3 + 0.1 * (shared + 0.5 * normal());
                    errors.push(FamilyError { family: family.to_string(), log });
                }
            }
            let unseen = 0.3 + 0.1 * (normal() + 0.5 * normal());
            let interval = Margin::of(&errors).unwrap().around(unseen);
            held += u32::from((interval.low..=interval.high).contains(&1.0));
        }
        let share = f64::from(held) / f64::from(tries);
        // Twenty families leave 18 of 20 or a little more; three standard errors of 2000 tries are 0.02.
        assert!((0.88..0.96).contains(&share), "{share}");
    }

    #[test]
    fn families_have_one_vote_each() {
        let error = |family: usize, log: f64| FamilyError { family: family.to_string(), log };
        let mut errors: Vec<FamilyError> = (0..20).map(|family| error(family, 0.1)).collect();
        errors.extend((0..100).map(|_| error(0, 2.0)));
        // A hundred relatives that are wrong are one family of twenty.
        let margin = Margin::of(&errors).unwrap();
        assert!(margin.log_size < 1e-9, "{margin:?}");
        assert!(Margin::of(&errors[..8]).is_err());
    }
}
