//! Up to how much contention turns count as quiet: further than a few percent only where a run shows by itself that nothing
//! moves.

use crate::speed::Conditions;
use crate::student::student_half_width;
use crate::{TurnMedians, TurnPair};

/// By what share the probe may take longer from memory than at the quiet level on any host, in the geometric mean over the
/// readings around.
const ANYWHERE: f64 = 0.06;

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

/// Numbers that ought not to move with contention: of one kind, from turns of several cells.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Of each cell its turns: what the host was like, and the number's logarithm.
    cells: Vec<Vec<(Conditions, f64)>>,
    /// By what share they may move in the mean.
    within: f64,
}

impl Watched {
    /// Returns the speed-ups of an engine: of each pair of cells its turns.
    pub fn speed_ups<'a>(pairs: impl IntoIterator<Item = &'a [TurnPair]>) -> Self {
        let of_pair = |turns: &[TurnPair]| {
            turns.iter().filter_map(|turn| Some((turn.conditions?, turn.log_ratio()))).collect()
        };
        Self { cells: pairs.into_iter().map(of_pair).collect(), within: SPEED_UPS_WITHIN }
    }

    /// Returns the latencies of an engine: of each cell its turns.
    pub fn latencies<'a>(cells: impl IntoIterator<Item = &'a TurnMedians>) -> Self {
        let of_cell = |turns: &TurnMedians| {
            let turns = turns.values();
            turns.filter_map(|turn| Some((turn.conditions?, turn.median_ns.ln()))).collect()
        };
        Self { cells: cells.into_iter().map(of_cell).collect(), within: LATENCIES_WITHIN }
    }

    /// Returns whether the turns that a limit lets in are known to be like those within the least.
    fn is_unmoved_up_to(&self, limit: QuietLimit) -> bool {
        let moved: Vec<f64> = self.cells.iter().filter_map(|turns| moved(turns, limit)).collect();
        if moved.len() < LEAST_CELLS {
            return false;
        }
        let count = moved.len() as f64;
        let mean = moved.iter().sum::<f64>() / count;
        let variance = moved.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let freedom = moved.len() as u32 - 1;
        let half_width = student_half_width(CONFIDENCE, freedom) * (variance / count).sqrt();
        mean.abs() + half_width <= self.within.ln_1p()
    }
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
    pub fn of(watched: &[Watched]) -> Self {
        let watched: Vec<&Watched> = watched.iter().filter(|one| !one.cells.is_empty()).collect();
        let turns = || watched.iter().flat_map(|one| one.cells.iter().flatten());
        let least = Self::default();
        let quiet = turns().filter(|(conditions, _)| conditions.is_within(least)).count();
        if (quiet as f64) < LEAST_QUIET * turns().count() as f64 || quiet == 0 {
            return least;
        }
        let is_unmoved = |limit: &Self| watched.iter().all(|one| one.is_unmoved_up_to(*limit));
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

    /// Returns pairs of cells whose ratio moves with contention by a slope, of turns whose contention goes evenly up to a share.
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
        let mut turns = || (0..40).map(|at| turn(up_to * f64::from(at) / 39.0)).collect();
        (0..cells).map(|_| turns()).collect()
    }

    fn limit(pairs: &[Vec<TurnPair>]) -> f64 {
        QuietLimit::of(&[Watched::speed_ups(pairs.iter().map(Vec::as_slice))]).share
    }

    #[test]
    fn where_nothing_moves_turns_count_up_to_a_quarter_more() {
        assert_eq!(limit(&pairs(0.0, 30, 0.28)), 0.25);
    }

    #[test]
    fn where_few_turns_are_quiet_nothing_is_shown() {
        // Of turns that go up to 28 % a fifth is within 6 %, of those up to 40 % a seventh.
        assert_eq!(limit(&pairs(0.0, 30, 0.4)), ANYWHERE);
    }

    #[test]
    fn what_moves_by_more_than_a_percent_keeps_the_least_limit() {
        // From turns of 0 to 6 % to those of 6 to 10 % contention grows by 4.6 % in the mean: a slope of a half moves the
        // ratio by 2.3 %, downwards as well as upwards.
        assert_eq!(limit(&pairs(0.5, 30, 0.28)), ANYWHERE);
        assert_eq!(limit(&pairs(-0.5, 30, 0.28)), ANYWHERE);
    }

    #[test]
    fn a_limit_is_as_wide_as_what_is_shown() {
        // A slope of 0.08 moves it by 0.4, 0.6, 0.7 and 0.9 %, each ± 0.3: the last is not known to be within a percent.
        let found = limit(&pairs(0.08, 30, 0.28));
        assert!((0.10..0.25).contains(&found), "{found}");
    }

    #[test]
    fn few_cells_no_quiet_turns_and_no_turns_show_nothing() {
        assert_eq!(limit(&pairs(0.0, LEAST_CELLS - 1, 0.28)), ANYWHERE);
        assert_eq!(limit(&pairs(0.0, 30, 0.05)), ANYWHERE);
        assert_eq!(limit(&[]), ANYWHERE);
    }

    #[test]
    fn one_engine_that_moves_keeps_the_limit_for_all() {
        let [still, moving] = [0.0, 0.5].map(|slope| pairs(slope, 30, 0.28));
        let watched =
            [still, moving].map(|pairs| Watched::speed_ups(pairs.iter().map(Vec::as_slice)));
        assert_eq!(QuietLimit::of(&watched).share, ANYWHERE);
    }
}
