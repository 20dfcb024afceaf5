//! Up to how much contention turns count as quiet: further than a few percent only where a run shows by itself that nothing
//! moves.

use std::collections::BTreeMap;

use crate::speed::Conditions;
use crate::student::student_half_width;
use crate::{TurnMedians, TurnPair};

/// By what share the probe may take longer from memory than at the quiet level on any host, in the geometric mean over the
/// readings around. Of an engine that bears twice as much of it as another, such turns move a speed-up by less than 1 %
/// (`formbench selftest`).
const ANYWHERE: f64 = 0.04;

/// Wider limits, one after the other.
const WIDER: [f64; 4] = [0.10, 0.15, 0.20, 0.25];

/// By what share speed-ups may differ in the mean between the turns that a wider limit lets in and those within the least.
const SPEED_UPS_WITHIN: f64 = 0.01;

/// By what share latencies may: both sides of a speed-up have their part in it.
const LATENCIES_WITHIN: f64 = 0.02;

/// Probability with which a mean has to lie within these, on both sides.
const CONFIDENCE: f64 = 0.95;

/// Share of all turns within the least limit, at least. Where there are fewer, neighbours who come and go within a burst may be
/// what the few have in common with the others: readings around them do not tell.
const LEAST_QUIET: f64 = 0.2;

/// Turns of a cell on both sides of the least limit, at least.
const LEAST_TURNS: usize = 4;

/// Cells with as many, at least.
const LEAST_CELLS: usize = 6;

/// Contention up to which a turn counts as quiet.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct QuietLimit {
    /// By what share the probe may take longer from memory.
    pub share: f64,
}

/// The least: what holds on every host.
impl Default for QuietLimit {
    fn default() -> Self {
        Self { share: ANYWHERE }
    }
}

/// What the host was like in the turns of one comparison or cell, and the number's logarithm in each.
type Turns = Vec<(Conditions, f64)>;

/// Numbers of a run that ought not to move with contention, by engine.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    speed_ups: BTreeMap<String, Vec<Turns>>,
    latencies: BTreeMap<String, Vec<Turns>>,
}

impl Watched {
    /// Adds the turns of a comparison.
    pub fn add_speed_up<'a>(
        &mut self,
        engine: String,
        turns: impl IntoIterator<Item = &'a TurnPair>,
    ) {
        let turns = turns.into_iter();
        let turns = turns.filter_map(|turn| Some((turn.conditions?, turn.log_ratio())));
        self.speed_ups.entry(engine).or_default().push(turns.collect());
    }

    /// Adds the turns of a cell.
    pub fn add_latency(&mut self, engine: String, turns: &TurnMedians) {
        let turns = turns.values();
        let turns = turns.filter_map(|turn| Some((turn.conditions?, turn.median_ns.ln())));
        self.latencies.entry(engine).or_default().push(turns.collect());
    }

    /// Returns the numbers of each engine, and by what share they may move in the mean.
    fn of_engines(&self) -> impl Iterator<Item = (&[Turns], f64)> {
        let speed_ups = self.speed_ups.values().map(|turns| (turns.as_slice(), SPEED_UPS_WITHIN));
        let latencies = self.latencies.values().map(|turns| (turns.as_slice(), LATENCIES_WITHIN));
        speed_ups.chain(latencies)
    }
}

/// Returns whether the turns that a limit lets in are known to be like those within the least, up to a share in the mean.
fn is_unmoved_up_to(limit: QuietLimit, turns: &[Turns], within: f64) -> bool {
    let moved: Vec<f64> = turns.iter().filter_map(|turns| moved(turns, limit)).collect();
    if moved.len() < LEAST_CELLS {
        return false;
    }
    let count = moved.len() as f64;
    let mean = moved.iter().sum::<f64>() / count;
    let variance = moved.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let freedom = moved.len() as u32 - 1;
    let half_width = student_half_width(CONFIDENCE, freedom) * (variance / count).sqrt();
    mean.abs() + half_width <= within.ln_1p()
}

/// Returns by how much the median of a cell's turns moves from those within the least limit to those that another one lets in
/// besides; nothing where there are too few of either.
fn moved(turns: &[(Conditions, f64)], limit: QuietLimit) -> Option<f64> {
    let within = |limit| move |(conditions, _): &&(Conditions, f64)| conditions.is_within(limit);
    let (quiet, others): (Vec<_>, Vec<_>) =
        turns.iter().filter(within(limit)).partition(|turn| within(QuietLimit::default())(turn));
    let middle = |turns: Vec<&(Conditions, f64)>| {
        let logs = turns.into_iter().map(|(_, log)| *log).collect::<Vec<f64>>();
        (logs.len() >= LEAST_TURNS).then(|| crate::rounds::middle(logs))
    };
    Some(middle(others)? - middle(quiet)?)
}

impl QuietLimit {
    /// Returns the widest limit up to which none of these is seen to move. It is widened step by step for as long as the turns
    /// that it lets in are known to be like the others within a percent of speed-ups and two of latencies: too few turns, cells
    /// that disagree, or few quiet turns show nothing and widen nothing.
    pub fn of(watched: &Watched) -> Self {
        let turns = || watched.of_engines().flat_map(|(turns, _)| turns.iter().flatten());
        let least = Self::default();
        let quiet = turns().filter(|(conditions, _)| conditions.is_within(least)).count();
        if (quiet as f64) < LEAST_QUIET * turns().count() as f64 || quiet == 0 {
            return least;
        }
        let is_unmoved = |limit: &Self| {
            watched.of_engines().all(|(turns, within)| is_unmoved_up_to(*limit, turns, within))
        };
        let wider = WIDER.map(|share| Self { share }).into_iter();
        wider.take_while(is_unmoved).last().unwrap_or(least)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Normal};

    use super::*;

    /// Turns of a cell.
    const TURNS: u32 = 80;

    /// Returns pairs of cells whose ratio moves with contention by a slope, of turns whose contention goes up to a share, more of
    /// them the less there is.
    fn pairs(slope: f64, cells: usize, up_to: f64) -> Vec<Vec<TurnPair>> {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let scatter = Normal::new(0.0, 0.02).unwrap();
        let mut turn = |share: f64| {
            let contention = share.ln_1p();
            let log_ratio = slope * contention + scatter.sample(&mut rng);
            TurnPair {
                baseline_ns: 2e6 * log_ratio.exp(),
                accelerated_ns: 1e6,
                conditions: Some(Conditions {
                    was_interrupted: false,
                    contention,
                    limit: QuietLimit::default(),
                }),
            }
        };
        let share = |at: u32| up_to * (f64::from(at) / f64::from(TURNS - 1)).powf(1.5);
        let mut turns = || (0..TURNS).map(|at| turn(share(at))).collect();
        (0..cells).map(|_| turns()).collect()
    }

    fn limit_of_engines<const N: usize>(engines: [Vec<Vec<TurnPair>>; N]) -> f64 {
        let mut watched = Watched::default();
        for (at, pairs) in engines.iter().enumerate() {
            pairs.iter().for_each(|turns| watched.add_speed_up(at.to_string(), turns));
        }
        QuietLimit::of(&watched).share
    }

    fn limit(pairs: &[Vec<TurnPair>]) -> f64 {
        limit_of_engines([pairs.to_vec()])
    }

    #[test]
    fn where_nothing_moves_turns_count_up_to_a_quarter_more() {
        assert_eq!(limit(&pairs(0.0, 30, 0.28)), 0.25);
    }

    #[test]
    fn where_few_turns_are_quiet_nothing_is_shown() {
        // Of turns that go up to 28 % a quarter is within 4 %, of those up to 60 % a sixth.
        assert_eq!(limit(&pairs(0.0, 30, 0.6)), ANYWHERE);
    }

    #[test]
    fn what_moves_by_more_than_a_percent_keeps_the_least_limit() {
        // From the middle of the turns within 4 % to that of those between 4 and 10 %, contention grows by 5 %: a slope of a half
        // moves the ratio by 2.5 %, downwards as well as upwards.
        assert_eq!(limit(&pairs(0.5, 30, 0.28)), ANYWHERE);
        assert_eq!(limit(&pairs(-0.5, 30, 0.28)), ANYWHERE);
    }

    #[test]
    fn a_limit_is_as_wide_as_what_is_shown() {
        // A slope of 0.08 moves it by 0.4, 0.6, 0.8 and 1.0 %, each ± 0.2: the last is not within a percent.
        let found = limit(&pairs(0.08, 30, 0.28));
        assert!((0.10..0.25).contains(&found), "{found}");
    }

    #[test]
    fn few_cells_no_quiet_turns_and_no_turns_show_nothing() {
        assert_eq!(limit(&pairs(0.0, LEAST_CELLS - 1, 0.28)), ANYWHERE);
        assert_eq!(limit(&pairs(0.0, 30, 0.03)), ANYWHERE);
        assert_eq!(limit(&[]), ANYWHERE);
    }

    #[test]
    fn one_engine_that_moves_keeps_the_limit_for_all() {
        assert_eq!(limit_of_engines([0.0, 0.5].map(|slope| pairs(slope, 30, 0.28))), ANYWHERE);
    }
}
