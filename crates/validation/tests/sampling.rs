//! How the conductor spends rounds, on a machine whose noise is known.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::time::Duration;

use formbench_experiment::{Budget, Comparison};
use formbench_measure::{
    BlockPlace, Conductor, End, Group, Launcher, Measured, Observer, RecordError, Recorder,
    RoundProgress, RunCell,
};
use formbench_protocol::{Refusal, RefusalKind};
use formbench_statistics::{TurnKey, TurnMedians};
use formbench_validation::{Noise, SimulatedMachine};

const QUIET: Noise = Noise { process: 0.001, inference: 0.001, ..Noise::NONE };
const LOUD: Noise = Noise { process: 0.05, ..QUIET };

const BUDGET: Budget = Budget {
    rounds: 3,
    most_rounds: 10,
    blocks: 4,
    block_inferences: 3,
    block_s: 0.1,
    warm_up_inferences: 10,
    warm_up_s: 0.5,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.02,
    limit_s: 10.0,
    cell_limit_s: 1000.0,
    ratio_half_width: 0.02,
};

/// Blocks in memory, and the order in which they came.
#[derive(Default)]
struct InMemory {
    blocks: Vec<(String, Measured)>,
    refusals: BTreeMap<String, RefusalKind>,
    /// A cell of which no block counts.
    disturbed: Option<&'static str>,
}

impl InMemory {
    fn is_disturbed(&self, key: &str) -> bool {
        self.disturbed == Some(key)
    }

    fn rounds(&self, key: &str) -> u32 {
        let of_key = self.blocks.iter().filter(|(cell, _)| cell == key);
        of_key.map(|(_, block)| block.place.round + 1).max().unwrap_or(0)
    }
}

impl Recorder for InMemory {
    fn has_block(&self, key: &str, round: u32, block: u32) -> bool {
        let places = self.blocks.iter().map(|(cell, kept)| (cell, kept.place));
        places.into_iter().any(|(cell, at)| cell == key && (at.round, at.block) == (round, block))
    }

    fn is_refused(&self, key: &str) -> bool {
        self.refusals.contains_key(key)
    }

    fn spent(&self, _key: &str) -> Duration {
        Duration::ZERO
    }

    fn turns(&self, key: &str) -> TurnMedians {
        let mut turns = TurnMedians::new();
        let counting =
            self.blocks.iter().filter(|(cell, _)| cell == key && !self.is_disturbed(cell));
        for (_, Measured { place, taken, .. }) in counting {
            let BlockPlace { round, block, .. } = *place;
            let key = |turn| TurnKey { round, block, turn, session_unix_ns: 0 };
            turns.extend(taken.turns(None).map(|(turn, median)| (key(turn), median)));
        }
        turns
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        self.blocks.push((key.to_owned(), measured.clone()));
        Ok(())
    }

    fn refusal(
        &mut self,
        key: &str,
        _round: u32,
        refusal: &Refusal,
        _stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.refusals.insert(key.to_owned(), refusal.kind);
        Ok(())
    }
}

struct Silent;

impl Observer for Silent {
    fn round(&mut self, _round: RoundProgress<'_>) {}

    fn refused(&mut self, _cell: &RunCell, _refusal: &Refusal) {}
}

/// Measures pairs of cells, `a0` and `b0`, `a1` and `b1` and so on.
fn run(machine: &SimulatedMachine, cells: &[RunCell], limit: Option<Duration>) -> InMemory {
    let groups: Vec<Group> = (0..cells.len() / 2).map(|pair| group(pair, None)).collect();
    run_groups(machine, cells, &groups, limit, InMemory::default())
}

fn group(pair: usize, half_width: Option<f64>) -> Group {
    let (baseline, accelerated) = (2 * pair, 2 * pair + 1);
    let comparisons = vec![Comparison { baseline, accelerated, half_width }];
    Group { cells: vec![baseline, accelerated], comparisons }
}

fn run_groups(
    machine: &SimulatedMachine,
    cells: &[RunCell],
    groups: &[Group],
    limit: Option<Duration>,
    mut kept: InMemory,
) -> InMemory {
    let mut silent = Silent;
    let mut conductor = Conductor::new(machine, false, &mut kept, &mut silent);
    assert_eq!(conductor.run(cells, groups, limit).unwrap(), End::Finished);
    kept
}

fn pairs(count: usize, budget: Budget) -> Vec<RunCell> {
    let pair = |number| {
        [("a", 20e6), ("b", 10e6)].map(|(side, quiet_ns)| {
            SimulatedMachine::cell(&format!("{side}{number}"), quiet_ns, 1.0, budget)
        })
    };
    (0..count).flat_map(pair).collect()
}

#[test]
fn a_narrow_interval_gets_no_more_than_its_least_rounds() {
    let kept = run(&SimulatedMachine::new(QUIET, 1), &pairs(1, BUDGET), None);
    assert_eq!((kept.rounds("a0"), kept.rounds("b0")), (3, 3));
    // 2 cells × 3 rounds × 4 blocks.
    assert_eq!(kept.blocks.len(), 24);
}

#[test]
fn a_wide_interval_gets_more_rounds_up_to_the_most() {
    let kept = run(&SimulatedMachine::new(LOUD, 1), &pairs(1, BUDGET), None);
    // Processes differ by 5 % a side, 7 % a ratio: ten rounds leave ±5 %.
    assert_eq!((kept.rounds("a0"), kept.rounds("b0")), (10, 10));
}

#[test]
fn a_wider_interval_is_enough_where_that_is_asked() {
    let loose = Budget { ratio_half_width: 0.2, ..BUDGET };
    let kept = run(&SimulatedMachine::new(LOUD, 1), &pairs(1, loose), None);
    assert!(kept.rounds("a0") < 10, "{}", kept.rounds("a0"));
}

#[test]
fn of_a_limited_time_every_cell_gets_its_least_rounds_first() {
    let machine = SimulatedMachine::new(LOUD, 1);
    let kept = run(&machine, &pairs(4, BUDGET), Some(Duration::from_secs(60)));
    for number in 0..4 {
        assert!(kept.rounds(&format!("a{number}")) >= 3);
    }
    // A round of a pair takes 2 × (0.3 s + 0.5 s + 4 × 0.16 s) = 2.9 s: some of the 60 s are left for
    // the widest, and none is exceeded.
    assert!(kept.blocks.len() > 4 * 24, "{}", kept.blocks.len());
    assert!(machine.now() <= Duration::from_secs(60), "{:?}", machine.now());
    assert!(machine.now() >= Duration::from_secs(54), "{:?}", machine.now());
}

#[test]
fn an_interval_that_is_wider_than_asked_gets_what_is_left() {
    // Blocks of the second pair are asked to be ten times as exact.
    let mut cells = pairs(2, Budget { ratio_half_width: 0.2, ..BUDGET });
    cells[2].budget.ratio_half_width = 0.02;
    cells[3].budget.ratio_half_width = 0.02;
    let machine = SimulatedMachine::new(LOUD, 1);
    let kept = run(&machine, &cells, Some(Duration::from_secs(30)));
    assert!(kept.rounds("a1") > kept.rounds("a0"), "{} {}", kept.rounds("a1"), kept.rounds("a0"));
}

#[test]
fn the_interval_that_is_nearest_to_what_is_asked_comes_first() {
    // The first pair would take hundreds of rounds.
    let mut cells = pairs(2, Budget { ratio_half_width: 0.001, ..BUDGET });
    cells[2].budget.ratio_half_width = 0.09;
    cells[3].budget.ratio_half_width = 0.09;
    let machine = SimulatedMachine::new(LOUD, 1);
    let kept = run(&machine, &cells, Some(Duration::from_secs(30)));
    assert!(kept.rounds("a1") > 3, "{} {}", kept.rounds("a0"), kept.rounds("a1"));
    // Once it is narrow, the first has what is left.
    let kept = run(&machine, &cells, Some(Duration::from_secs(90)));
    assert!(kept.rounds("a0") > 3, "{} {}", kept.rounds("a0"), kept.rounds("a1"));
}

#[test]
fn what_a_claim_needs_comes_before_all_else() {
    // Nobody needs the first pair, which is asked to be ten times as exact as the second.
    let mut cells = pairs(2, Budget { ratio_half_width: 0.2, ..BUDGET });
    cells[0].budget.ratio_half_width = 0.02;
    cells[1].budget.ratio_half_width = 0.02;
    let machine = SimulatedMachine::new(LOUD, 1);
    let groups = [group(0, None), group(1, Some(0.01))];
    let limit = Some(Duration::from_secs(30));
    let kept = run_groups(&machine, &cells, &groups, limit, InMemory::default());
    // The claim is not satisfied in thirty seconds, so that the first pair keeps its least rounds.
    assert_eq!(kept.rounds("a0"), 3);
    assert!(kept.rounds("a1") > 3, "{}", kept.rounds("a1"));
}

#[test]
fn a_cell_of_which_no_block_counts_gets_no_more_than_its_least_rounds() {
    let kept = InMemory { disturbed: Some("b0"), ..InMemory::default() };
    let machine = SimulatedMachine::new(LOUD, 1);
    let kept = run_groups(&machine, &pairs(1, BUDGET), &[group(0, None)], None, kept);
    assert_eq!((kept.rounds("a0"), kept.rounds("b0")), (3, 3));
}

#[test]
fn of_a_limited_time_a_cell_of_which_no_block_counts_gets_what_is_left() {
    let run = |limit_s| {
        let kept = InMemory { disturbed: Some("b0"), ..InMemory::default() };
        let limit = Some(Duration::from_secs(limit_s));
        let (machine, groups) = (SimulatedMachine::new(LOUD, 1), [group(0, None), group(1, None)]);
        let kept = run_groups(&machine, &pairs(2, BUDGET), &groups, limit, kept);
        (kept.rounds("a0"), kept.rounds("a1"))
    };
    // The least rounds of both pairs take 17 s, all ten of the second 20 s more.
    assert_eq!(run(30).0, 3);
    let (disturbed, undisturbed) = run(50);
    assert!(disturbed > 3 && undisturbed == 10, "{disturbed} {undisturbed}");
}

#[test]
fn what_a_limited_run_does_not_come_to_is_refused() {
    let machine = SimulatedMachine::new(QUIET, 1);
    let kept = run(&machine, &pairs(3, BUDGET), Some(Duration::from_secs(4)));
    // The second pair's first round begins before the four seconds are over.
    assert_eq!((kept.rounds("a0"), kept.rounds("a1"), kept.rounds("a2")), (1, 1, 0));
    assert_eq!(kept.refusals.get("a2"), Some(&RefusalKind::TimeLimit));
    assert_eq!(kept.refusals.len(), 2);
}

#[test]
fn a_slower_cell_takes_fewer_of_the_turns_and_shares_all_of_them() {
    let kept = run(&SimulatedMachine::new(QUIET, 1), &pairs(1, BUDGET), None);
    let turns = |key: &str| -> Vec<u32> {
        let block = kept.blocks.iter().find(|(cell, _)| cell == key);
        block.unwrap().1.taken.bursts.iter().map(|burst| burst.turn).collect()
    };
    // Bursts of two: 40 ms and 20 ms, of which three and five fill 0.1 s; the next powers of two.
    assert_eq!(turns("a0"), [0, 2, 4, 6]);
    assert_eq!(turns("b0"), [0, 1, 2, 3, 4, 5, 6, 7]);
}
