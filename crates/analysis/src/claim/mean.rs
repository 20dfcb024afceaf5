//! Mean speed-ups against a bound or a claimed ratio.

use formbench_statistics::{Bootstrap, Estimate, rounds_factor_to_exclude};

use super::finding::{Answer, Measure, more_rounds};
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::number::significant;
use crate::rounds::Pairs;

/// Returns whether the mean speed-up is above a ratio.
pub(super) fn above(selection: &Selection<'_>, ratio: f64) -> Result<Answer, String> {
    let (mean, count) = mean_speed_up(selection)?;
    let outcome = if mean.low > ratio {
        Outcome::Holds
    } else if mean.high <= ratio {
        Outcome::DoesNotHold
    } else {
        Outcome::Undecided
    };
    Ok(answer(mean, count, outcome, &[ratio], String::new()))
}

/// Returns whether the mean speed-up is a ratio, up to a factor either way.
pub(super) fn near(selection: &Selection<'_>, ratio: f64, within: f64) -> Result<Answer, String> {
    let (mean, count) = mean_speed_up(selection)?;
    let (from, to) = (ratio / within, ratio * within);
    let outcome = if from <= mean.low && mean.high <= to {
        Outcome::Holds
    } else if mean.high < from || to < mean.low {
        Outcome::DoesNotHold
    } else {
        Outcome::Undecided
    };
    let effect = format!(
        "{} of the claimed {} ×; band {} to {}",
        significant(mean.value / ratio, 2),
        significant(ratio, 2),
        significant(from, 3),
        significant(to, 3),
    );
    Ok(answer(mean, count, outcome, &[from, to], effect))
}

fn mean_speed_up(selection: &Selection<'_>) -> Result<(Estimate, Count), String> {
    let comparisons = selection.comparisons()?;
    let pairs: Vec<Pairs> = comparisons.iter().map(|pair| selection.view.pairs(*pair)).collect();
    let count = Count::of_pairs(pairs.iter());
    let cells = pairs.into_iter().filter(|pairs| !pairs.is_empty()).map(|pairs| pairs.rounds);
    let mean = Bootstrap::default().mean_speed_up(&cells.collect::<Vec<_>>());
    Ok((mean.ok_or("a cell has a round without blocks")?, count))
}

fn answer(
    mean: Estimate,
    count: Count,
    outcome: Outcome,
    bounds: &[f64],
    effect: String,
) -> Answer {
    let decides = (outcome == Outcome::Undecided).then(|| {
        let logs = Estimate { value: mean.value.ln(), low: mean.low.ln(), high: mean.high.ln() };
        let bounds: Vec<f64> = bounds.iter().map(|bound| bound.ln()).collect();
        more_rounds(count.rounds, rounds_factor_to_exclude(logs, &bounds))
    });
    let parts = [Some(effect).filter(|text| !text.is_empty()), decides];
    Answer {
        outcome,
        measure: Some(Measure::new("geometric mean speed-up", Unit::Ratio, mean)),
        first_probability: None,
        count,
        says: parts.into_iter().flatten().collect::<Vec<_>>().join("; "),
    }
}
