//! Both sides of a comparison, in turns that are short beside the drift of the machine.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use formbench_measure::{Interrupt, RunCell, WorkerCommand};
use formbench_statistics::{Bootstrap, Estimate, TurnBlock};

use super::ours::Ours;
use super::side::Side;
use super::theirs::{Script, Theirs};
use super::tool::Tool;
use super::verdict::FidelityVerdict;

/// How long the turns of one round take, of both sides together.
pub const ROUND_S: f64 = 6.0;

/// How much a comparison may cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Fresh processes of both sides, at least.
    pub rounds: u32,
    /// How long turns may take.
    pub turns: Duration,
    /// How long the turns of a round take.
    pub round: Duration,
}

/// What both sides took.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolComparison {
    /// Blocks of turns, by round.
    pub rounds: Vec<Vec<TurnBlock>>,
    /// Our latency over theirs.
    pub ratio: Estimate,
    /// What the ratio shows.
    pub verdict: FidelityVerdict,
    /// How many processors our turns had on average, in the round in which they had least.
    pub processors: f64,
}

impl ToolComparison {
    fn new(rounds: Vec<Vec<TurnBlock>>, processors: f64) -> Option<Self> {
        let ratio = Bootstrap::default().ratio(&rounds)?;
        let theirs_ns = median(&rounds, |block| block.theirs_ns)?;
        Some(Self { ratio, verdict: FidelityVerdict::of(theirs_ns, ratio), rounds, processors })
    }

    /// Returns the medians over turns of our latency and of theirs, in nanoseconds.
    pub fn medians_ns(&self) -> [f64; 2] {
        let sides: [fn(&TurnBlock) -> [f64; 2]; 2] =
            [|block| block.ours_ns, |block| block.theirs_ns];
        sides.map(|side| median(&self.rounds, side).unwrap_or_default())
    }

    /// Returns the turns that both sides took together.
    pub fn turns(&self) -> usize {
        self.rounds.iter().map(Vec::len).sum::<usize>() * TurnBlock::TURNS
    }
}

/// One engine on one network, which both sides have.
pub struct Pair<'a> {
    /// How to start our side.
    pub worker: &'a WorkerCommand,
    /// What it measures.
    pub cell: &'a RunCell,
    /// How to start their side.
    pub script: &'a Script<'a>,
    /// What it is.
    pub tool: Tool,
    /// What it measures.
    pub model: &'a Path,
    /// Stops our side.
    pub interrupt: &'a Interrupt,
}

impl Pair<'_> {
    /// Returns what both sides took until it is decided or time is up.
    ///
    /// # Errors
    /// A side does not start, or fails.
    pub fn compare(&self, limits: Limits) -> Result<ToolComparison> {
        let threads = self.cell.cell.threads;
        take_rounds(limits, |round| {
            let mut theirs = Theirs::start(self.script, self.tool, self.model, threads)?;
            let mut ours = Ours::start(self.worker, self.cell, self.interrupt)?;
            let (blocks, took) = take_blocks(&mut ours, &mut theirs, round)?;
            Ok(Round { blocks, took, processors: ours.processors() })
        })
    }
}

/// What both sides took with one process each.
struct Round {
    blocks: Vec<TurnBlock>,
    /// How long their turns took.
    took: Duration,
    /// How many processors our turns had.
    processors: f64,
}

/// Returns the rounds, as many as are needed to decide and no fewer than asked for, until the
/// next one would take too long.
fn take_rounds(
    limits: Limits,
    mut round: impl FnMut(Duration) -> Result<Round>,
) -> Result<ToolComparison> {
    let (mut rounds, mut spent, mut least) = (Vec::new(), Duration::ZERO, f64::INFINITY);
    loop {
        let Round { blocks, took, processors } = round(limits.round)?;
        rounds.push(blocks);
        spent += took;
        least = least.min(processors);
        if rounds.len() < limits.rounds as usize {
            continue;
        }
        let comparison = ToolComparison::new(rounds, least).ok_or_else(|| anyhow!("no turns"))?;
        let is_decided = comparison.verdict != FidelityVerdict::Undecided;
        if is_decided || spent + took / 2 > limits.turns {
            return Ok(comparison);
        }
        rounds = comparison.rounds;
    }
}

/// Returns blocks of turns that take about so long, at least one, and how long they took; our side
/// begins every other one.
fn take_blocks(
    ours: &mut dyn Side,
    theirs: &mut dyn Side,
    last: Duration,
) -> Result<(Vec<TurnBlock>, Duration)> {
    let start = Instant::now();
    let mut blocks = Vec::new();
    loop {
        blocks.push(block(ours, theirs, blocks.len() % 2 == 0)?);
        let took = start.elapsed();
        if took + took / blocks.len() as u32 / 2 > last {
            return Ok((blocks, took));
        }
    }
}

/// Returns four turns: first, second, second, first.
fn block(ours: &mut dyn Side, theirs: &mut dyn Side, ours_first: bool) -> Result<TurnBlock> {
    let mut block = TurnBlock { ours_ns: [0.0; 2], theirs_ns: [0.0; 2] };
    for turn in 0..TurnBlock::TURNS {
        let is_outer = turn == 0 || turn == TurnBlock::TURNS - 1;
        if is_outer == ours_first {
            block.ours_ns[turn / 2] = ours.turn_ns()?
        } else {
            block.theirs_ns[turn / 2] = theirs.turn_ns()?
        }
    }
    Ok(block)
}

fn median(rounds: &[Vec<TurnBlock>], side: impl Fn(&TurnBlock) -> [f64; 2]) -> Option<f64> {
    let turns_ns = rounds.iter().flatten().flat_map(side);
    let turns_ns: Vec<u64> = turns_ns.map(|turn_ns| turn_ns.round() as u64).collect();
    formbench_statistics::median_ns(&turns_ns)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// A side on a machine that slows down by 1 % a turn.
    struct Drifting<'a> {
        latency_ns: f64,
        turn: &'a Cell<i32>,
    }

    impl Side for Drifting<'_> {
        fn turn_ns(&mut self) -> Result<f64> {
            let turn = self.turn.replace(self.turn.get() + 1);
            Ok(self.latency_ns * 1.01_f64.powi(turn))
        }
    }

    /// Returns a round of two blocks, in which our latency is so many times theirs, that took 2 s.
    fn round(ratio: f64) -> Result<Round> {
        let turn = Cell::new(0);
        let mut ours = Drifting { latency_ns: 10e6 * ratio, turn: &turn };
        let mut theirs = Drifting { latency_ns: 10e6, turn: &turn };
        let mut next = |ours_first| block(&mut ours, &mut theirs, ours_first);
        let blocks = vec![next(true)?, next(false)?];
        Ok(Round { blocks, took: Duration::from_secs(2), processors: 1.0 })
    }

    const LIMITS: Limits =
        Limits { rounds: 3, turns: Duration::from_secs(20), round: Duration::from_secs(2) };

    #[test]
    fn a_machine_that_slows_down_favours_neither_side() -> Result<()> {
        let comparison = take_rounds(LIMITS, |_| round(1.0))?;
        assert!((comparison.ratio.value - 1.0).abs() < 1e-9, "{comparison:?}");
        assert_eq!(comparison.verdict, FidelityVerdict::Faithful);
        // Three rounds of two blocks of four turns.
        assert_eq!(comparison.turns(), 24);
        Ok(())
    }

    #[test]
    fn an_undecided_comparison_takes_turns_until_time_is_up() -> Result<()> {
        // Rounds give 0.9 and 1.1 in turn: after 20 s, which are ten rounds, nothing is decided.
        let mut count = 0;
        let wavering = |_| {
            count += 1;
            round(if count % 2 == 0 { 0.9 } else { 1.1 })
        };
        let comparison = take_rounds(LIMITS, wavering)?;
        assert_eq!(comparison.verdict, FidelityVerdict::Undecided);
        assert_eq!(comparison.rounds.len(), 10);
        Ok(())
    }

    #[test]
    fn a_side_that_is_lost_ends_the_comparison() {
        let lost = take_rounds(LIMITS, |_| Err(anyhow!("gone")));
        assert!(lost.is_err_and(|error| error.to_string() == "gone"));
    }
}
