//! Ranks of patterns and networks, with the probability that the first is really first.

use std::collections::BTreeMap;

use formbench_statistics::{
    Bootstrap, Estimate, Found, Ranking, rounds_factor_to_exclude, rounds_factor_to_rank,
};

use super::finding::{Answer, Measure, more_rounds};
use super::selection::Selection;
use super::{Count, Final, Outcome};
use crate::Unit;
use crate::number::{counted, significant};
use crate::rounds::SharedTurns;

const NS_PER_MS: f64 = 1e6;

/// Probability of a first place from which on it counts as one.
const DECIDED: f64 = 0.95;

/// Probability of a first place from which on a competitor takes part in the final.
const CONTENDS: f64 = 0.01;

/// Competitors of a final that take part for their probability, at most: the more there are, the further apart
/// lie their bursts of one turn.
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
    first(by_speed_up(selection)?, in_final.map(shared_by_speed_up), names, among)
}

/// Returns whether one of some networks has the shortest latency, by the final alone where there was one.
pub(super) fn fastest(
    selection: &Selection<'_>,
    in_final: Option<&Selection<'_>>,
    names: &[String],
    among: usize,
) -> Result<Answer, String> {
    let in_final = in_final.map(shared_by_latency);
    let answer = first(by_latency(selection)?, in_final, names, among)?;
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
    let sides = pairs.iter().flat_map(|pair| [pair.baseline, pair.accelerated]);
    let cells: Vec<&str> = sides.map(|cell| cell.cell.as_str()).collect();
    let shared = SharedTurns::of(selection.view.run, &cells);
    let speed_ups = |medians_ns: &Vec<f64>| {
        medians_ns.chunks(2).map(|sides| sides[0].max(1.0) / sides[1].max(1.0)).collect()
    };
    let rounds: Vec<Vec<Vec<f64>>> =
        shared.medians_ns.iter().map(|turns| turns.iter().map(speed_ups).collect()).collect();
    let ranking = Bootstrap::default().rank_shared_speed_ups(&rounds);
    Contest::shared(names, ranking, &shared, Unit::Ratio)
}

/// Returns the competitors in the turns that they took together.
fn shared_by_latency(selection: &Selection<'_>) -> Result<Contest, String> {
    let cells = selection.measured()?;
    let names = cells.iter().map(|cell| cell.name.clone()).collect();
    let cells: Vec<&str> = cells.iter().map(|cell| cell.cell.as_str()).collect();
    let shared = SharedTurns::of(selection.view.run, &cells);
    let ranking = Bootstrap::default().rank_shared_latencies(&shared.medians_ns);
    Contest::shared(names, ranking, &shared, Unit::Ms)
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

/// Returns whether one of the named is first among at least so many; by the final alone where there was one that
/// counts.
fn first(
    survey: Contest,
    in_final: Option<Result<Contest, String>>,
    named: &[String],
    among: usize,
) -> Result<Answer, String> {
    let competitors = survey.names.len();
    if competitors < among {
        let got = counted(competitors, "competitor");
        return Err(format!(
            "{got} in this run, expected at least {among}; a larger `--profile` or `--budget` has more"
        ));
    }
    let Some(held) = in_final else { return judged(&survey, named) };
    match held.and_then(|held| held.counting(&survey.contenders(named))) {
        Ok(held) => {
            let answer = judged(&held, named)?;
            let of = held.names.len();
            let says = format!("in a final of {of} of {competitors}: {}", answer.says);
            Ok(Answer { says, ..answer })
        }
        Err(why) => {
            let answer = judged(&survey, named)?;
            Ok(Answer {
                says: format!("{}; its final does not count: {why}", answer.says),
                ..answer
            })
        }
    }
}

/// Returns whether one of the named is first.
fn judged(contest: &Contest, named: &[String]) -> Result<Answer, String> {
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
        shared: &SharedTurns,
        unit: Unit,
    ) -> Result<Self, String> {
        let ranking = ranking.ok_or("it has no turn of all competitors that counts")?;
        let cells = names.len();
        let count = Count {
            cells,
            cells_asked: cells,
            rounds: shared.medians_ns.len(),
            samples: shared.samples,
            as_found: if shared.found == Found::AsFound { cells } else { 0 },
            in_final: true,
        };
        Ok(Self { names, ranking, count, unit })
    }

    /// Returns a final if it may decide: after enough rounds, and among all who may be first by its survey.
    fn counting(self, contenders: &[&str]) -> Result<Self, String> {
        if self.count.rounds < Final::LEAST_ROUNDS as usize {
            return Err(format!("it has {}", counted(self.count.rounds, "round")));
        }
        let is_absent = |name: &&&str| !self.names.iter().any(|one| one == **name);
        match contenders.iter().find(is_absent) {
            Some(name) => Err(format!("{name}, which may be first by now, took no part")),
            None => Ok(self),
        }
    }

    /// Returns how many compete.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns who takes part in a final: the first two, everyone else whose probability of the first place is
    /// not negligible, the most probable of them, but few; and the best of those that a claim names and of those
    /// that it does not.
    pub(super) fn contenders(&self, named: &[String]) -> Vec<&str> {
        let order = self.ranking.order();
        let probabilities = self.ranking.first_probabilities();
        let is_named = |at: &&usize| named.contains(&self.names[**at]);
        let sure = [
            order.first(),
            order.get(1),
            order.iter().find(is_named),
            order.iter().find(|at| !is_named(at)),
        ];
        let mut taken: Vec<usize> = Vec::new();
        let mut others = order.clone();
        others.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
        others.retain(|at| probabilities[*at] >= CONTENDS);
        others.truncate(MOST_CONTENDERS);
        for at in sure.into_iter().flatten().copied().chain(others) {
            if !taken.contains(&at) {
                taken.push(at);
            }
        }
        // In the order of the survey.
        order.iter().filter(|at| taken.contains(at)).map(|at| self.names[*at].as_str()).collect()
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
