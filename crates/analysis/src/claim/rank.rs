//! Ranks of patterns and networks, with the probability that the first is really first.

use std::collections::BTreeMap;

use formbench_statistics::{
    Bootstrap, ByRound, Estimate, Ranking, rounds_factor_to_exclude, rounds_factor_to_rank,
};

use super::finding::{Answer, Measure, more_rounds};
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::number::{counted, significant};

const NS_PER_MS: f64 = 1e6;

/// Probability of a first place from which on it counts as one.
const DECIDED: f64 = 0.95;

/// Probability of a first place from which on a competitor takes part in the final.
const CONTENDS: f64 = 0.01;

/// Competitors of a final at most, but for the best of those that a claim names: the more there are, the
/// further apart lie their bursts of one turn.
const MOST_CONTENDERS: usize = 6;

/// Patterns or networks by name, in competition.
pub(super) struct Contest {
    names: Vec<String>,
    ranking: Ranking,
    count: Count,
    /// Of what is ranked.
    unit: Unit,
}

/// Returns whether one of some patterns or networks has the largest speed-up, by the final alone where there
/// was one.
pub(super) fn gains_most(
    selection: &Selection<'_>,
    in_final: Option<&Selection<'_>>,
    names: &[String],
    among: usize,
) -> Result<Answer, String> {
    let in_final = in_final.map(shared_by_speed_up).transpose()?;
    first(&by_speed_up(selection)?, in_final.as_ref(), names, among)
}

/// Returns whether one of some networks has the shortest latency, by the final alone where there was one.
pub(super) fn fastest(
    selection: &Selection<'_>,
    in_final: Option<&Selection<'_>>,
    names: &[String],
    among: usize,
) -> Result<Answer, String> {
    let in_final = in_final.map(shared_by_latency).transpose()?;
    let answer = first(&by_latency(selection)?, in_final.as_ref(), names, among)?;
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

/// Returns the competitors in the turns that they took together.
fn shared_by_speed_up(selection: &Selection<'_>) -> Result<Contest, String> {
    let pairs = selection.comparisons()?;
    let names = pairs.iter().map(|pair| pair.accelerated.name.clone()).collect();
    let pairs: Vec<_> = pairs.into_iter().map(|pair| selection.view.pairs(pair)).collect();
    let cells: Vec<ByRound<_>> = (pairs.iter())
        .map(|pairs| pairs.numbers.iter().copied().zip(pairs.rounds.iter().cloned()).collect())
        .collect();
    let ranking = Bootstrap::default().rank_shared_speed_ups(&cells);
    let count = Count::of_pairs(pairs.iter());
    Contest::shared(names, ranking, count, Unit::Ratio)
}

/// Returns the competitors in the turns that they took together.
fn shared_by_latency(selection: &Selection<'_>) -> Result<Contest, String> {
    let cells = selection.measured()?;
    let names = cells.iter().map(|cell| cell.name.clone()).collect();
    let rounds: Vec<_> = cells.into_iter().map(|cell| selection.view.rounds(cell)).collect();
    let cells: Vec<ByRound<_>> = (rounds.iter())
        .map(|of| of.numbers.iter().copied().zip(of.medians_ns.iter().cloned()).collect())
        .collect();
    let ranking = Bootstrap::default().rank_shared_latencies(&cells);
    let count = Count::of_rounds(rounds.iter());
    Contest::shared(names, ranking, count, Unit::Ms)
}

pub(super) fn by_speed_up(selection: &Selection<'_>) -> Result<Contest, String> {
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

pub(super) fn by_latency(selection: &Selection<'_>) -> Result<Contest, String> {
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

/// Returns whether one of the named is first among at least so many; by the final alone where there was one.
fn first(
    survey: &Contest,
    in_final: Option<&Contest>,
    named: &[String],
    among: usize,
) -> Result<Answer, String> {
    let competitors = survey.names.len();
    if competitors < among {
        let got = counted(competitors, "competitor");
        return Err(format!(
            "{got} in this run, expected at least {among}; a larger `--profile` has more"
        ));
    }
    let contest = in_final.unwrap_or(survey);
    let Contest { names, ranking, count, .. } = contest;
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
    let says = match in_final {
        Some(_) => format!(
            "in a final of the {} of {competitors} that could be first: {says}",
            names.len()
        ),
        None => says,
    };
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
    fn shared(
        names: Vec<String>,
        ranking: Option<Ranking>,
        count: Count,
        unit: Unit,
    ) -> Result<Self, String> {
        let ranking = ranking.ok_or("its final has no round that counts for all competitors")?;
        Ok(Self { names, ranking, count, unit })
    }

    /// Returns how many compete.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns who takes part in a final: everyone whose probability of the first place is not negligible,
    /// the most probable first, but few; two at least, and the best of those that a claim names.
    pub(super) fn contenders(&self, named: &[String]) -> Vec<&str> {
        let order = self.ranking.order();
        let probabilities = self.ranking.first_probabilities();
        let mut taken: Vec<usize> = (order.iter().copied().enumerate())
            .filter(|(place, at)| *place < 2 || probabilities[*at] >= CONTENDS)
            .map(|(_, at)| at)
            .take(MOST_CONTENDERS)
            .collect();
        let best = order.iter().find(|at| named.contains(&self.names[**at]));
        taken.extend(best.filter(|best| !taken.contains(best)).copied().as_ref());
        taken.into_iter().map(|at| self.names[at].as_str()).collect()
    }

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
