//! What a gain comes with, and what it is made of.

use formbench_experiment::{Property, Sign};
use formbench_protocol::{Attributes, InferencePart};
use formbench_statistics::{Bootstrap, Estimate};

use super::finding::{Answer, Measure};
use super::relation::of_sign;
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::anatomy::saved as saved_by;
use crate::correlation::LEAST_ARCHITECTURES;
use crate::rounds::{POINT, Pairs};

/// Returns whether a property of architectures correlates with their speed-up, with the sign that is expected.
pub(super) fn correlated(
    selection: &Selection<'_>,
    with: Property,
    sign: Sign,
) -> Result<Answer, String> {
    let comparisons = selection.comparisons()?;
    let pairs: Vec<Pairs> = comparisons.iter().map(|pair| selection.view.pairs(*pair)).collect();
    let count = Count::of_pairs(pairs.iter());
    let point = |(pair, pairs): (&crate::view::Comparison<'_>, &Pairs)| {
        let attributes = selection.view.run.attributes_of(pair.accelerated)?.attributes();
        Some((value(with, &attributes)?, POINT.speed_up(&pairs.rounds)?.value))
    };
    let points: Vec<(f64, f64)> = comparisons.iter().zip(&pairs).filter_map(point).collect();
    enough(points.len())?;
    let rank = Bootstrap::default().rank_correlation(&points);
    let rank = rank.ok_or_else(|| format!("{with} or the speed-up does not vary"))?;
    Ok(Answer {
        outcome: of_sign(rank, sign),
        measure: Some(Measure::new(
            format!("rank correlation of {with} and speed-up"),
            Unit::RankCorrelation,
            rank,
        )),
        first_probability: None,
        count,
        says: format!("over {} architectures", points.len()),
    })
}

/// Returns whether some kinds of work are more than a share of the time that the engine saves.
pub(super) fn saved(
    selection: &Selection<'_>,
    by: &[InferencePart],
    above: f64,
) -> Result<Answer, String> {
    let comparisons = selection.comparisons()?;
    let shares = comparisons.iter().filter_map(|pair| saved_by(&selection.view, *pair, by));
    let shares: Vec<(f64, f64)> = shares.collect();
    if shares.is_empty() {
        return Err("no operators were timed in this run: `formbench profile` does".to_string());
    }
    enough(shares.len())?;
    let share = Bootstrap::default().ratio_of_sums(&shares).ok_or("nothing is saved at all")?;
    let outcome = if share.low > above {
        Outcome::Holds
    } else if share.high <= above {
        Outcome::DoesNotHold
    } else {
        Outcome::Undecided
    };
    let [value, low, high] = [share.value, share.low, share.high].map(|share| 100.0 * share);
    Ok(Answer {
        outcome,
        measure: Some(Measure::new(
            "share of the time saved",
            Unit::Percent,
            Estimate { value, low, high },
        )),
        first_probability: None,
        count: Count { cells: shares.len(), cells_asked: comparisons.len(), ..Count::default() },
        says: format!("over {} architectures together, one profile each", shares.len()),
    })
}

fn enough(architectures: usize) -> Result<(), String> {
    if architectures < LEAST_ARCHITECTURES {
        return Err(format!(
            "{architectures} architectures, expected at least {LEAST_ARCHITECTURES}"
        ));
    }
    Ok(())
}

fn value(of: Property, attributes: &Attributes) -> Option<f64> {
    match of {
        Property::Macs => Some(attributes.macs as f64),
        Property::Parameters => Some(attributes.parameters as f64),
        Property::Parallelism => Some(attributes.parallelism()),
        Property::DepthwiseShare => Some(attributes.share(attributes.depthwise_macs)),
        Property::HitRate | Property::Latency | Property::SpeedUp => None,
    }
}
