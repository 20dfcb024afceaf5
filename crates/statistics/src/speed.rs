//! How fast the host was while something was timed, and when that counts as quiet.

use crate::QuietLimit;
use crate::quantile::{median_ns, quantile_ns};

/// How long the probe took: fixed work, part of it in registers, part of it from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    /// The part that reads no memory, in nanoseconds.
    pub registers_ns: u64,
    /// The part that no cache holds, in nanoseconds.
    pub memory_ns: u64,
}

/// What a quiet turn is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuietLevel {
    /// How long the part in registers takes in this run, in nanoseconds. What takes much longer was
    /// interrupted; the clock that a processor happens to have moves all engines alike.
    pub registers_ns: f64,
    /// How long the part from memory takes where nobody else reads it, in nanoseconds.
    pub memory_ns: f64,
}

/// Readings that a host's level is taken from, at least.
const LEAST_READINGS: usize = 100;

/// Share of readings that are the shortest: few enough to be quiet ones, enough to be no matter of luck.
const SHORTEST: f64 = 0.02;

/// By what share readings of a quiet host differ from the shortest, at most: the level is the middle of them.
const QUIET_SPREAD: f64 = 0.10;

/// By what share the probe may take longer than the run's median in registers.
const UNINTERRUPTED_WITHIN: f64 = 0.10;

/// Rounds that quiet turns have to be of, where there are as many.
const LEAST_ROUNDS: usize = 3;

/// Share of the rounds that quiet turns have to be of: to leave out more costs more precision than contention costs truth.
const LEAST_SHARE: f64 = 2.0 / 3.0;

/// Quiet turns that a round has to have.
const LEAST_TURNS: usize = 2;

impl QuietLevel {
    /// Returns the level of a run that the probe took so long in, on a host whose earlier runs had such a level
    /// from memory; `None` where there are too few readings to know it.
    pub fn of(readings: &[Speed], earlier_memory_ns: Option<f64>) -> Option<Self> {
        let part = |of: fn(&Speed) -> u64| readings.iter().map(of).collect::<Vec<_>>();
        let mut memory_ns = part(|speed| speed.memory_ns);
        memory_ns.sort_unstable();
        let is_enough = readings.len() >= LEAST_READINGS;
        let shortest_ns = quantile_ns(&memory_ns, SHORTEST).filter(|_| is_enough);
        let own_ns = shortest_ns.and_then(|shortest_ns| {
            let longest_ns = (1.0 + QUIET_SPREAD) * shortest_ns;
            median_ns(&memory_ns[..memory_ns.partition_point(|&ns| ns as f64 <= longest_ns)])
        });
        let levels = own_ns.into_iter().chain(earlier_memory_ns);
        let memory_ns = levels.reduce(f64::min)?;
        Some(Self { registers_ns: median_ns(&part(|speed| speed.registers_ns))?, memory_ns })
    }

    /// Returns what the host was like between two readings.
    pub fn conditions(&self, readings: [Speed; 2]) -> Conditions {
        let of_each = readings.map(|speed| (speed.memory_ns as f64 / self.memory_ns.max(1.0)).ln());
        let longest_ns = (1.0 + UNINTERRUPTED_WITHIN) * self.registers_ns;
        Conditions {
            was_interrupted: readings.iter().any(|speed| speed.registers_ns as f64 > longest_ns),
            contention: f64::midpoint(of_each[0], of_each[1]),
            limit: QuietLimit::default(),
        }
    }
}

/// What the host was like during a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Whether the probe took longer in registers, just before or just after.
    pub was_interrupted: bool,
    /// Logarithm of how much longer the part from memory took than on a quiet host, mean of before and after.
    pub contention: f64,
    /// Up to which the turn counts as quiet.
    pub limit: QuietLimit,
}

impl Conditions {
    /// Returns what the host was like during both of two bursts.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self {
            was_interrupted: self.was_interrupted || other.was_interrupted,
            contention: f64::midpoint(self.contention, other.contention),
            limit: if other.limit < self.limit { other.limit } else { self.limit },
        }
    }

    /// Returns up to how much contention it counts as quiet.
    pub fn limit(self) -> QuietLimit {
        self.limit
    }

    /// Returns the same under another limit.
    #[must_use]
    pub fn with_limit(self, limit: QuietLimit) -> Self {
        Self { limit, ..self }
    }

    /// Returns whether the host was quiet: one reading takes a tenth of a millisecond and scatters by as much as neighbours do, so that
    /// the mean of all that lie around counts.
    pub fn is_quiet(self) -> bool {
        self.is_within(self.limit)
    }

    /// Returns whether it was within a limit.
    pub(crate) fn is_within(self, limit: QuietLimit) -> bool {
        !self.was_interrupted && self.contention <= limit.share.ln_1p()
    }
}

/// What kind of turns a number is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Found {
    /// Turns during which the host was quiet.
    Quiet,
    /// All turns: too few of them were quiet.
    AsFound,
    /// All turns: nobody looked whether the host was quiet.
    #[default]
    Unknown,
}

impl Found {
    /// Returns the word that tables show.
    pub fn label(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::AsFound => "as found",
            Self::Unknown => "unknown",
        }
    }
}

/// Returns the quiet turns of rounds, or all turns where quiet ones are too few.
pub fn quiet_turns<T: Clone>(
    rounds: Vec<Vec<T>>,
    conditions: impl Fn(&T) -> Option<Conditions>,
) -> (Vec<Vec<T>>, Found) {
    if rounds.iter().flatten().all(|turn| conditions(turn).is_none()) {
        return (rounds, Found::Unknown);
    }
    let is_quiet = |turn: &&T| conditions(turn).is_some_and(Conditions::is_quiet);
    let quiet = rounds.iter().map(|round| round.iter().filter(is_quiet).cloned().collect());
    let quiet: Vec<Vec<T>> = quiet.filter(|round: &Vec<T>| round.len() >= LEAST_TURNS).collect();
    let is_most = quiet.len() as f64 >= LEAST_SHARE * rounds.len() as f64;
    if is_most && quiet.len() >= LEAST_ROUNDS.min(rounds.len()) {
        (quiet, Found::Quiet)
    } else {
        (rounds, Found::AsFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speed(registers_ns: u64, memory_ns: u64) -> Speed {
        Speed { registers_ns, memory_ns }
    }

    const LEVEL: QuietLevel = QuietLevel { registers_ns: 1000.0, memory_ns: 2000.0 };

    #[test]
    fn a_level_is_the_middle_of_the_shortest_readings_from_memory() {
        // Of 201 readings, place 4 of 0 to 200 is 904; within 10 % of that are those from 900 to 994.
        let busy = std::iter::repeat_n(speed(950, 2000), 100);
        let readings: Vec<Speed> = (900..=1000).rev().map(|at| speed(at, at)).chain(busy).collect();
        let memory_ns = |readings, earlier| {
            let level = QuietLevel::of(readings, earlier)?;
            assert!(level.registers_ns > 940.0);
            Some(level.memory_ns)
        };
        assert_eq!(memory_ns(&readings, None), Some(947.0));
        assert_eq!(memory_ns(&readings, Some(940.0)), Some(940.0));
        assert_eq!(memory_ns(&readings, Some(960.0)), Some(947.0));
        // Too few to know it, unless it was known.
        assert_eq!(memory_ns(&readings[..9], None), None);
        assert_eq!(memory_ns(&readings[..9], Some(940.0)), Some(940.0));
        assert_eq!(memory_ns(&[], Some(940.0)), None);
    }

    #[test]
    fn a_turn_is_quiet_if_it_was_not_interrupted_and_memory_is_in_the_mean() {
        let is_quiet = |before, after| LEVEL.conditions([before, after]).is_quiet();
        assert!(is_quiet(speed(1100, 2079), speed(900, 2079)));
        assert!(is_quiet(speed(1000, 2140), speed(1000, 2000)));
        assert!(!is_quiet(speed(1101, 2000), speed(1000, 2000)));
        assert!(!is_quiet(speed(1000, 2000), speed(1101, 2000)));
        assert!(!is_quiet(speed(1000, 2081), speed(1000, 2081)));
        assert!(!is_quiet(speed(1000, 2200), speed(1000, 2000)));
    }

    #[test]
    fn contention_is_the_mean_logarithm_from_memory() {
        // Twice as long before, four times as long after: the middle is √8 times.
        let of = LEVEL.conditions([speed(1000, 4000), speed(1000, 8000)]);
        assert!((of.contention - 8f64.ln() / 2.0).abs() < 1e-12, "{of:?}");
        let both = of.both(LEVEL.conditions([speed(1000, 2000); 2]));
        assert!(!both.is_quiet() && (both.contention - 8f64.ln() / 4.0).abs() < 1e-12, "{both:?}");
    }

    fn turns(quiet: &[bool]) -> Vec<Option<Conditions>> {
        let limit = QuietLimit::default();
        let conditions =
            |quiet: bool| Conditions { was_interrupted: !quiet, contention: 0.0, limit };
        quiet.iter().map(|&quiet| Some(conditions(quiet))).collect()
    }

    #[test]
    fn quiet_turns_are_taken_where_three_rounds_and_two_thirds_of_all_have_two() {
        let quiet = |rounds: Vec<_>| quiet_turns(rounds, |turn| *turn);
        let mixed = || turns(&[true, false, true]);
        let (rounds, found) = quiet(vec![mixed(), mixed(), mixed(), turns(&[true, false])]);
        assert_eq!((rounds, found), (vec![turns(&[true; 2]); 3], Found::Quiet));
        let few = vec![mixed(), mixed(), turns(&[true, false])];
        assert_eq!(quiet(few.clone()), (few, Found::AsFound));
        let three_of_five = [vec![mixed(); 3], vec![turns(&[true, false]); 2]].concat();
        assert_eq!(quiet(three_of_five.clone()), (three_of_five, Found::AsFound));
        // Of two rounds both have to.
        assert_eq!(quiet(vec![mixed(); 2]).1, Found::Quiet);
    }

    #[test]
    fn without_a_probe_nothing_is_known() {
        let rounds = vec![vec![None; 3]; 3];
        assert_eq!(quiet_turns(rounds.clone(), |turn| *turn), (rounds, Found::Unknown));
        assert_eq!(
            quiet_turns(Vec::<Vec<Option<Conditions>>>::new(), |turn| *turn).1,
            Found::Unknown
        );
    }
}
