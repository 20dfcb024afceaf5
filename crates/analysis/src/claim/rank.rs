//! Ranks of patterns and networks, with the probability that the first is really first.

use std::collections::BTreeMap;

use formbench_statistics::{
    Bootstrap, Estimate, Ranking, rounds_factor_to_exclude, rounds_factor_to_rank,
};

use super::finding::{Answer, Measure, more_rounds};
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::number::{counted, significant};

const NS_PER_MS: f64 = 1e6;

/// Probability of a first place from which on it counts as one.
const DECIDED: f64 = 0.95;

/// Patterns or networks by name, in competition.
struct Contest {
    names: Vec<String>,
    ranking: Ranking,
    count: Count,
    /// Of what is ranked.
    unit: Unit,
}

/// Returns whether one of some patterns or networks has the largest speed-up.
pub(super) fn gains_most(
    selection: &Selection<'_>,
    names: &[String],
    among: usize,
) -> Result<Answer, String> {
    first(&by_speed_up(selection)?, names, among)
}

/// Returns whether one of some networks has the shortest latency.
pub(super) fn fastest(
    selection: &Selection<'_>,
    names: &[String],
    among: usize,
) -> Result<Answer, String> {
    let answer = first(&by_latency(selection)?, names, among)?;
    // Tables of latencies show the median over rounds.
    Ok(Answer {
        says: format!("{}; latencies are geometric means over rounds", answer.says),
        ..answer
    })
}

/// Returns whether the largest speed-up is at least so many times the smallest.
pub(super) fn spread(selection: &Selection<'_>, at_least: f64) -> Result<Answer, String> {
    let contest = by_speed_up(selection)?;
    let Contest { names, ranking, count, .. } = &contest;
    let order = ranking.order();
    let &[most, .., least] = order.as_slice() else {
        return Err(format!("nothing to compare {} with in this run", names.join("")));
    };
    let lead = ranking.lead(most, least);
    let outcome = if lead.low >= at_least {
        Outcome::Holds
    } else if lead.high < at_least {
        Outcome::DoesNotHold
    } else {
        Outcome::Undecided
    };
    let decides = (outcome == Outcome::Undecided).then(|| {
        let logs = Estimate { value: lead.value.ln(), low: lead.low.ln(), high: lead.high.ln() };
        more_rounds(count.rounds, rounds_factor_to_exclude(logs, &[at_least.ln()]))
    });
    let says = format!(
        "{} gains most and {} least of {}",
        contest.label(most),
        contest.label(least),
        names.len()
    );
    let (most, least) = (&names[most], &names[least]);
    Ok(Answer {
        outcome,
        measure: Some(Measure::new(format!("{most} over {least}"), Unit::Ratio, lead)),
        first_probability: None,
        count: *count,
        says: [Some(says), decides].into_iter().flatten().collect::<Vec<_>>().join("; "),
    })
}

fn by_speed_up(selection: &Selection<'_>) -> Result<Contest, String> {
    let mut groups = BTreeMap::<&str, Vec<_>>::new();
    for pair in selection.comparisons()? {
        groups.entry(&pair.accelerated.name).or_default().push(selection.view.pairs(pair));
    }
    let count = Count::of_pairs(groups.values().flatten());
    groups.values_mut().for_each(|cells| cells.retain(|pairs| !pairs.is_empty()));
    groups.retain(|_, cells| !cells.is_empty());
    let names = groups.keys().map(ToString::to_string).collect();
    let groups: Vec<Vec<_>> = (groups.into_values())
        .map(|cells| cells.into_iter().map(|pairs| pairs.rounds).collect())
        .collect();
    let ranking = Bootstrap::default().rank_speed_ups(&groups);
    let ranking = ranking.ok_or("a cell has a round without blocks")?;
    Ok(Contest { names, ranking, count, unit: Unit::Ratio })
}

fn by_latency(selection: &Selection<'_>) -> Result<Contest, String> {
    let mut groups = BTreeMap::<&str, Vec<_>>::new();
    for cell in selection.measured()? {
        groups.entry(&cell.name).or_default().push(selection.view.rounds(cell));
    }
    let count = Count::of_rounds(groups.values().flatten());
    groups.values_mut().for_each(|cells| cells.retain(|rounds| !rounds.is_empty()));
    groups.retain(|_, cells| !cells.is_empty());
    let names = groups.keys().map(ToString::to_string).collect();
    let groups: Vec<Vec<_>> = (groups.into_values())
        .map(|cells| cells.into_iter().map(|rounds| rounds.medians_ns).collect())
        .collect();
    let ranking = Bootstrap::default().rank_latencies(&groups);
    let ranking = ranking.ok_or("a cell has a round without blocks")?;
    Ok(Contest { names, ranking, count, unit: Unit::Ms })
}

/// Returns whether one of the named is first among at least so many.
fn first(contest: &Contest, named: &[String], among: usize) -> Result<Answer, String> {
    let Contest { names, ranking, count, .. } = contest;
    if names.len() < among {
        let got = counted(names.len(), "competitor");
        return Err(format!(
            "{got} in this run, expected at least {among}; a larger `--profile` has more"
        ));
    }
    let order = ranking.order();
    let is_named = |at: &usize| named.contains(&names[*at]);
    let best = *order.iter().find(|at| is_named(at)).ok_or_else(|| {
        format!(
            "none of {} is among the {} of this run",
            named.join(", "),
            counted(names.len(), "competitor")
        )
    })?;
    let other = *order
        .iter()
        .find(|at| !is_named(at))
        .ok_or_else(|| format!("{} has no competitor in this run", names[best]))?;
    let probabilities = ranking.first_probabilities();
    let of_named = (0..names.len()).filter(is_named).map(|at| probabilities[at]);
    let probability = of_named.sum::<f64>().min(1.0);
    let outcome = if probability >= DECIDED {
        Outcome::Holds
    } else if probability <= 1.0 - DECIDED {
        Outcome::DoesNotHold
    } else {
        Outcome::Undecided
    };
    let place = 1 + order.iter().position(|at| *at == best).unwrap_or_default();
    let decides = (outcome == Outcome::Undecided)
        .then(|| more_rounds(count.rounds, rounds_factor_to_rank(probability, DECIDED)));
    let says = standing(contest, [order[0], best], place, sure(named, probability));
    let what = format!("{} over {}", names[best], names[other]);
    Ok(Answer {
        outcome,
        measure: Some(Measure::new(what, Unit::Ratio, ranking.lead(best, other))),
        first_probability: Some(probability),
        count: *count,
        says: [Some(says), decides].into_iter().flatten().collect::<Vec<_>>().join("; "),
    })
}

/// Returns who is first, and the place of the best of the named.
fn standing(contest: &Contest, [first, best]: [usize; 2], place: usize, sure: String) -> String {
    let of_all = format!("of {}", contest.names.len());
    let (leader, named) = (contest.label(first), contest.label(best));
    if first == best {
        format!("{leader} is first {of_all}; {sure}")
    } else {
        format!("{leader} is first {of_all}, {named} is number {place}; {sure}")
    }
}

/// Returns how sure the first place of the named is.
fn sure(named: &[String], probability: f64) -> String {
    let who = match named {
        [one] => one.clone(),
        several => format!("one of {}", several.join(", ")),
    };
    format!("the probability that {who} is first is {}", in_words(probability))
}

/// Returns a probability that is never stated as 0 or 1: draws are finite.
fn in_words(probability: f64) -> String {
    match probability {
        p if p < 0.001 => "below 0.001".to_string(),
        p if p > 0.999 => "above 0.999".to_string(),
        p => significant(p, 2),
    }
}

impl Contest {
    /// Returns a competitor with its speed-up or latency, such as `plain (2.1 ×)`.
    fn label(&self, at: usize) -> String {
        let Estimate { value, .. } = self.ranking.mean(at);
        let value = match self.unit {
            Unit::Ms => value / NS_PER_MS,
            _ => value,
        };
        let blank = if self.unit.sign().starts_with(' ') { "" } else { "\u{a0}" };
        let sign = self.unit.sign();
        format!("{} ({}{blank}{sign})", self.names[at], significant(value, 3))
    }
}
