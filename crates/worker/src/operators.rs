//! Times the operators of a loaded model.

use formbench_engines::TimedOperators;
use formbench_protocol::{OperatorProfile, OperatorTime, ProfileRequest, Refusal};

use crate::loaded::Loaded;

/// Inferences of a turn.
const TURN: u32 = 4;

/// Returns what each operator takes, and whole inferences with and without a clock around each, which take turns.
///
/// # Errors
/// A refusal with the engine's error, also if it shows no operators.
pub fn profile(loaded: &mut Loaded, request: ProfileRequest) -> Result<OperatorProfile, Refusal> {
    let inferences = request.inferences.max(1);
    for _ in 0..inferences {
        loaded.infer()?;
    }
    let (mut plain, mut profiled) = (Vec::new(), Vec::new());
    for _ in 0..inferences.div_ceil(TURN) {
        for _ in 0..TURN {
            plain.push(((), loaded.infer()?));
        }
        for _ in 0..TURN {
            profiled.push(loaded.operator_times()?);
        }
    }
    let profiled = middle(profiled);
    let mean = |ns: &dyn Fn(&TimedOperators) -> f64| mean(profiled.iter().map(|(of, _)| ns(of)));
    let names = profiled.first().map(|(of, _)| of.operators.clone()).unwrap_or_default();
    let operators = names.into_iter().enumerate().map(|(at, one)| {
        let ns = mean(&|of| of.operators.get(at).map_or(0.0, |operator| operator.ns));
        OperatorTime { ns, ..one }
    });
    Ok(OperatorProfile {
        operators: operators.collect(),
        latency_ns: mean_ns(&middle(plain)),
        profiled_ns: mean_ns(&profiled),
        accounted_ns: mean(&|of| of.span_ns),
    })
}

/// Returns the middle half of inferences by their latencies.
fn middle<T>(mut inferences: Vec<(T, u64)>) -> Vec<(T, u64)> {
    inferences.sort_by_key(|(_, ns)| *ns);
    let quarter = inferences.len() / 4;
    inferences.truncate(inferences.len() - quarter);
    inferences.split_off(quarter)
}

fn mean_ns<T>(inferences: &[(T, u64)]) -> f64 {
    mean(inferences.iter().map(|(_, ns)| *ns as f64))
}

/// Returns the mean, 0 of nothing.
fn mean(numbers: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = numbers.len().max(1);
    numbers.sum::<f64>() / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_half_leaves_out_as_many_at_either_end() {
        let of = |all: &[u64]| {
            let all = all.iter().map(|ns| ((), *ns)).collect();
            middle(all).into_iter().map(|(_, ns)| ns).collect::<Vec<_>>()
        };
        assert_eq!(of(&[9, 1, 5, 4, 100, 3, 6, 2]), [3, 4, 5, 6]);
        assert_eq!(of(&[2, 1, 3]), [1, 2, 3]);
        assert_eq!(of(&[]), [0; 0]);
    }
}
