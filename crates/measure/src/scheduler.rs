//! Decides who is measured next, and when enough is enough: the one place that does.
//!
//! Every cell gets the rounds that its budget asks for at least, all groups one round after the
//! other. Then rounds are added where the interval of a speed-up is wider than it should be, until
//! none is or the run's time is spent. If time is limited, intervals too wide for a claim come
//! first, then intervals wider than their experiment asks; among these, the one that is expected to be
//! as narrow as asked soonest, so that as many as can be are when the time is over.

use std::cmp::Ordering;
use std::time::Duration;

use formbench_experiment::Comparison;
use formbench_statistics::{
    Bootstrap, QuietLimit, TurnMedians, TurnPair, Watched, paired_rounds, quiet_turns,
    rounds_factor_to_narrow,
};

use crate::RunCell;
use crate::group::Group;

/// The intervals that decide are those that are reported, from fewer resamples.
const LOOK: Bootstrap = Bootstrap { resamples: 500, confidence: 0.95, seed: 1 };

/// Rounds of a comparison before its interval may end it: two that agree by luck are narrow.
const LEAST_ROUNDS: usize = 3;

/// What is known of a cell.
#[derive(Clone, Debug, Default)]
pub struct CellProgress {
    /// Rounds with all their blocks.
    pub whole_rounds: Vec<u32>,
    /// Wall time of its turns.
    pub spent: Duration,
    /// Whether it gets no more rounds.
    pub is_refused: bool,
    /// Its turns that count.
    pub turns: TurnMedians,
}

/// The next round of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextRound {
    /// The group.
    pub group: usize,
    /// Number of the round.
    pub round: u32,
    /// The cells that take part, as indices, in the order of the group.
    pub cells: Vec<usize>,
    /// Whether every cell has the rounds that its budget asks for at least.
    pub is_extra: bool,
}

/// Who is measured next.
pub struct Scheduler<'a> {
    cells: &'a [RunCell],
    groups: &'a [Group],
    progress: Vec<CellProgress>,
    /// How long all rounds may take together.
    limit: Option<Duration>,
    /// Rounds that each group took in this run and their time.
    took: Vec<(u32, Duration)>,
    /// What the comparison of each group still needs that needs least.
    needs: Vec<Need>,
    /// Up to how much contention turns count as quiet.
    quiet_limit: QuietLimit,
}

impl<'a> Scheduler<'a> {
    /// Returns a scheduler of cells with the progress that they have.
    pub fn new(
        cells: &'a [RunCell],
        groups: &'a [Group],
        progress: Vec<CellProgress>,
        limit: Option<Duration>,
    ) -> Self {
        let took = vec![(0, Duration::ZERO); groups.len()];
        let needs = vec![Need::NONE; groups.len()];
        let quiet_limit = QuietLimit::default();
        let mut scheduler = Self { cells, groups, progress, limit, took, needs, quiet_limit };
        scheduler.look_at_all();
        scheduler
    }

    /// Looks at what counts as quiet, as reports will, and at the intervals of all groups.
    pub fn look_at_all(&mut self) {
        self.quiet_limit = self.found_quiet_limit();
        (0..self.groups.len()).for_each(|group| self.look(group));
    }

    /// Returns up to how much contention nothing is seen to move.
    fn found_quiet_limit(&self) -> QuietLimit {
        let engine = |cell: usize| self.cells[cell].cell.engine.to_string();
        let turns = |cell: usize| &self.progress[cell].turns;
        let mut watched = Watched::default();
        for one in self.groups.iter().flat_map(|group| &group.comparisons) {
            let pairs = paired_rounds(turns(one.baseline), turns(one.accelerated));
            watched.add_speed_up(engine(one.accelerated), pairs.iter().flatten());
        }
        for cell in 0..self.cells.len() {
            watched.add_latency(engine(cell), turns(cell));
        }
        QuietLimit::of(&watched)
    }

    /// Returns what is known of a cell.
    pub fn progress(&self, cell: usize) -> &CellProgress {
        &self.progress[cell]
    }

    /// Returns what is known of a cell, to be added to.
    pub fn progress_mut(&mut self, cell: usize) -> &mut CellProgress {
        &mut self.progress[cell]
    }

    /// Returns how many rounds of groups are missing at least.
    pub fn missing_rounds(&self) -> usize {
        let of_group = |group: &Group| {
            let rounds = 0..self.most(group, |cell| cell.budget.rounds);
            rounds.filter(|&round| !self.missing(group, round).is_empty()).count()
        };
        self.groups.iter().map(of_group).sum()
    }

    /// Returns the next round, or nothing if it is enough; `elapsed` is the time since the run began.
    pub fn next(&self, elapsed: Duration) -> Option<NextRound> {
        self.next_at_least(elapsed).or_else(|| self.next_extra(elapsed))
    }

    /// Keeps how long a round took, and looks at the intervals of its group.
    pub fn took(&mut self, round: &NextRound, time: Duration) {
        let (rounds, total) = &mut self.took[round.group];
        *rounds += 1;
        *total += time;
        if self.found_quiet_limit() == self.quiet_limit {
            self.look(round.group);
        } else {
            self.look_at_all();
        }
    }

    /// Returns the first round that a cell lacks of those that its budget asks for.
    fn next_at_least(&self, elapsed: Duration) -> Option<NextRound> {
        let rounds = self.groups.iter().map(|group| self.most(group, |cell| cell.budget.rounds));
        (0..rounds.max().unwrap_or(0)).find_map(|round| {
            let mut groups = (0..self.groups.len()).filter(|&group| self.fits(group, elapsed));
            groups.find_map(|group| {
                let cells = self.missing(&self.groups[group], round);
                let is_there = !cells.is_empty();
                is_there.then_some(NextRound { group, round, cells, is_extra: false })
            })
        })
    }

    /// Returns a further round of a group with an interval that is too wide: of the one that needs least time if time is
    /// limited, else of the one with fewest rounds.
    fn next_extra(&self, elapsed: Duration) -> Option<NextRound> {
        let wide = |group: &usize| self.needs[*group].is_any() && self.fits(*group, elapsed);
        let candidates = (0..self.groups.len()).filter(wide).filter_map(|group| {
            let (round, cells) = (self.rounds(group), self.undecided(group));
            let is_there = !cells.is_empty();
            is_there.then_some(NextRound { group, round, cells, is_extra: true })
        });
        let need = |next: &NextRound| {
            self.needs[next.group].times(self.round_time(next.group).as_secs_f64())
        };
        candidates.min_by(|a, b| match self.limit {
            Some(_) => need(a).total_cmp(&need(b)),
            None => a.round.cmp(&b.round),
        })
    }

    /// Returns the cells that lack a round of those that their budget asks for.
    fn missing(&self, group: &Group, round: u32) -> Vec<usize> {
        let lacks = |&&index: &&usize| {
            let (cell, progress) = (&self.cells[index], &self.progress[index]);
            round < cell.budget.rounds
                && !progress.is_refused
                && !progress.whole_rounds.contains(&round)
        };
        group.cells.iter().filter(lacks).copied().collect()
    }

    /// Returns the cells of comparisons whose interval is too wide and that may have another round.
    fn undecided(&self, group: usize) -> Vec<usize> {
        let Group { cells, comparisons } = &self.groups[group];
        let wide: Vec<&Comparison<usize>> = (comparisons.iter())
            .filter(|one| self.need_of(**one).is_any())
            .filter(|one| self.may_go_on(one.baseline) && self.may_go_on(one.accelerated))
            .collect();
        let takes_part =
            |cell: usize| wide.iter().any(|one| one.baseline == cell || one.accelerated == cell);
        cells.iter().copied().filter(|&cell| takes_part(cell)).collect()
    }

    /// Returns whether a cell may have a round more than its budget asks for at least.
    fn may_go_on(&self, cell: usize) -> bool {
        let (budget, progress) = (&self.cells[cell].budget, &self.progress[cell]);
        !progress.is_refused
            && progress.whole_rounds.len() < budget.most_rounds as usize
            && progress.spent.as_secs_f64() < budget.cell_limit_s
    }

    /// Returns the number of the group's next round.
    fn rounds(&self, group: usize) -> u32 {
        let last = |&cell: &usize| self.progress[cell].whole_rounds.iter().max().copied();
        self.groups[group].cells.iter().filter_map(last).max().map_or(0, |last| last + 1)
    }

    /// Returns whether a round of the group, as long as those before it, ends within the run's
    /// time.
    fn fits(&self, group: usize, elapsed: Duration) -> bool {
        let expected = self.round_time(group);
        self.limit.is_none_or(|limit| elapsed < limit && elapsed + expected <= limit)
    }

    /// Returns how long a round of the group has taken in the mean; nothing if there was none.
    fn round_time(&self, group: usize) -> Duration {
        let (rounds, total) = self.took[group];
        total.checked_div(rounds).unwrap_or_default()
    }

    /// Looks at the intervals of a group.
    fn look(&mut self, group: usize) {
        let may_go_on = |one: &&Comparison<usize>| {
            self.may_go_on(one.baseline) && self.may_go_on(one.accelerated)
        };
        let open = self.groups[group].comparisons.iter().filter(may_go_on);
        let needs = open.map(|one| self.need_of(*one)).filter(|need| need.is_any());
        self.needs[group] = needs.min_by(Need::total_cmp).unwrap_or(Need::NONE);
    }

    /// Returns how many more rounds a comparison needs until its interval is as narrow as asked: none where a side is refused. Where
    /// the least rounds left hardly a block that counts, more would hardly either: it gets none, or those that nobody else needs of
    /// a limited time.
    fn need_of(&self, comparison: Comparison<usize>) -> Need {
        let Comparison { baseline, accelerated, half_width: needed } = comparison;
        let budget = &self.cells[accelerated].budget;
        let sides = [baseline, accelerated].map(|cell| &self.progress[cell]);
        let [of_baseline, of_accelerated] = sides.map(|side| &side.turns);
        let limit = self.quiet_limit;
        let conditions = |pair: &TurnPair| Some(pair.conditions?.with_limit(limit));
        let (rounds, _) = quiet_turns(paired_rounds(of_baseline, of_accelerated), conditions);
        let lacks_turns = |side: &CellProgress| {
            rounds.len() < 2 && side.whole_rounds.len() >= budget.rounds.max(2) as usize
        };
        let is_hopeless = sides.into_iter().any(lacks_turns);
        let is_over = is_hopeless && self.limit.is_none();
        if is_over || sides.into_iter().any(|side| side.is_refused) {
            return Need::NONE;
        }
        let width = LOOK.speed_up(&rounds).map(|speed_up| speed_up.relative_half_width());
        let known = width.filter(|_| rounds.len() >= LEAST_ROUNDS);
        let rounds_to = |enough: f64| match known {
            None if is_hopeless => Some(f64::INFINITY),
            None => Some(LEAST_ROUNDS.saturating_sub(rounds.len()).max(1) as f64),
            Some(width) if width > enough => {
                let growth = rounds_factor_to_narrow(width, enough);
                Some((rounds.len() as f64 * (growth - 1.0)).max(1.0))
            }
            Some(_) => None,
        };
        Need {
            for_claims: needed.and_then(rounds_to),
            for_experiment: rounds_to(budget.ratio_half_width),
        }
    }

    fn most(&self, group: &Group, of: impl Fn(&RunCell) -> u32) -> u32 {
        group.cells.iter().map(|&cell| of(&self.cells[cell])).max().unwrap_or(0)
    }
}

/// How many more rounds are expected to make an interval as narrow as asked; nothing where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Need {
    /// For a claim.
    for_claims: Option<f64>,
    /// For the experiment.
    for_experiment: Option<f64>,
}

impl Need {
    const NONE: Self = Self { for_claims: None, for_experiment: None };

    fn is_any(self) -> bool {
        self != Self::NONE
    }

    /// Returns the need in time, if a round takes so much of it.
    fn times(self, round_s: f64) -> Self {
        // Of a group that was not measured yet, no time is known: what never ends does not, even so.
        let of = |rounds: f64| if rounds.is_finite() { rounds * round_s } else { rounds };
        let time = |rounds: Option<f64>| rounds.map(of);
        Self { for_claims: time(self.for_claims), for_experiment: time(self.for_experiment) }
    }

    /// Compares what comes first: what a claim needs, then what needs least.
    fn total_cmp(&self, other: &Self) -> Ordering {
        let last = |need: Option<f64>| need.unwrap_or(f64::INFINITY);
        let by = |of: fn(&Self) -> Option<f64>| last(of(self)).total_cmp(&last(of(other)));
        by(|need| need.for_claims).then(by(|need| need.for_experiment))
    }
}
