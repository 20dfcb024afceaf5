//! What short bursts, a probe and quiet turns bring beside blocks of a tenth of a second, on a simulated machine between
//! neighbours (`Noise::NEIGHBOURS`) that slow one engine as much as the other, or twice as much: how long until an interval is
//! within ±2 %, and how far is the ratio from the truth then? How often do the intervals of bursts hold the truth?
//!
//! `cargo run --release --example two_designs` in `crates/validation` takes a minute or two.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use formbench_experiment::Budget;
use formbench_measure::{Launcher, Process, RunCell};
use formbench_protocol::BlockRequest;
use formbench_statistics::{
    Bootstrap, Estimate, TurnKey, TurnMedian, TurnMedians, median_ns, paired_rounds,
};
use formbench_validation::selftest::measure;
use formbench_validation::{Noise, SimulatedMachine};

/// The profile `standard`, without an end.
const BUDGET: Budget = Budget {
    rounds: 3,
    most_rounds: 1000,
    blocks: 5,
    block_inferences: 1,
    block_s: 0.1,
    warm_up_inferences: 10,
    warm_up_s: 0.5,
    warm_up_cap_s: 0.6,
    warm_up_stable_within: 0.02,
    limit_s: 60.0,
    cell_limit_s: 1e6,
    ratio_half_width: 0.02,
};
/// Blocks of a round of version 0.1, in the same profile.
const BLOCKS: u32 = 10;
/// A block of version 0.1.
const BLOCK: BlockRequest =
    BlockRequest { min_inferences: 1, min_ns: 100_000_000, max_inferences: u64::MAX };
/// Latency of both cells on the quiet machine, in nanoseconds: the true ratio is 1.
const LATENCY_NS: f64 = 10e6;
/// Comparisons of which the time to ±2 % is taken.
const COMPARISONS: u64 = 200;
/// Pairs whose intervals are held against the truth.
const PAIRS: u64 = 2000;

/// Who bears how much of the neighbours: the first of both cells beside the second.
const SENSITIVITIES: [(&str, f64); 2] =
    [("both bear neighbours alike", 1.0), ("one twice as much", 2.0)];
/// What the conductor looks with after each round, for both designs.
const LOOK: Bootstrap = Bootstrap { resamples: 500, confidence: 0.95, seed: 1 };

/// What a comparison gave.
struct Ended {
    /// On the machine's clock.
    after: Duration,
    ratio: Estimate,
    /// Whether it is made of quiet turns.
    is_quiet: bool,
}

fn main() -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{COMPARISONS} comparisons of a cell with itself, until the interval is within ±2 %"
    )?;
    for (what, sensitivity) in SENSITIVITIES {
        let cells = pair(sensitivity, BUDGET);
        let bursts = (0..COMPARISONS).map(|seed| of_bursts(seed, &cells));
        let blocks = (0..COMPARISONS).map(|seed| of_blocks(seed, &cells));
        let (bursts, blocks): (Vec<Ended>, Vec<Ended>) =
            (bursts.collect::<Result<_>>()?, blocks.collect::<Result<_>>()?);
        writeln!(out, "{}", line(&format!("bursts, {what}"), &bursts))?;
        writeln!(out, "{}", line(&format!("blocks of 0.1 s, {what}"), &blocks))?;
    }

    writeln!(
        out,
        "\n{PAIRS} pairs by bursts, of three to twelve rounds: intervals that hold the truth"
    )?;
    let budget = Budget { most_rounds: 12, ..BUDGET };
    for (what, sensitivity) in SENSITIVITIES {
        let cells = pair(sensitivity, budget);
        let all = (0..PAIRS).map(|seed| Ok(of_bursts(seed, &cells)?.ratio));
        let mut found: Vec<Estimate> = all.collect::<Result<_>>()?;
        found.sort_by(|a, b| a.relative_half_width().total_cmp(&b.relative_half_width()));
        let [of_all, of_narrowest] =
            [&found[..], &found[..found.len() / 4]].map(|some| held(some) * 100.0);
        writeln!(out, "{what:<44} {of_all:.1} %, of the narrowest quarter {of_narrowest:.1} %")?;
    }
    Ok(())
}

/// Returns two cells that take as long on a quiet machine, of which the first bears so many times the slow-down of memory.
fn pair(sensitivity: f64, budget: Budget) -> [RunCell; 2] {
    [("first", sensitivity), ("second", 1.0)]
        .map(|(key, by)| SimulatedMachine::cell(key, LATENCY_NS, by, budget))
}

/// Today's design. Numbers are of all turns where too few are quiet, as everywhere.
fn of_bursts(seed: u64, cells: &[RunCell; 2]) -> Result<Ended> {
    let machine = SimulatedMachine::new(Noise::NEIGHBOURS, seed);
    let measured = measure(&machine, cells, None)?;
    let ratio = measured.speed_up(&cells[0], &cells[1]).context("the machine took no bursts")?;
    let is_quiet = measured.is_quiet(&cells[0], &cells[1]);
    Ok(Ended { after: machine.now(), ratio, is_quiet })
}

/// The design of version 0.1: mirrored and rotated blocks, all inferences of which count, and no probe. Its intervals are
/// made by today's rule.
fn of_blocks(seed: u64, cells: &[RunCell; 2]) -> Result<Ended> {
    let machine = SimulatedMachine::new(Noise::NEIGHBOURS, seed);
    // The answer that others are held against.
    machine.start(&cells[0], None)?.prepare(false)?;
    let mut turns = [TurnMedians::new(), TurnMedians::new()];
    for round in 0..BUDGET.most_rounds {
        let mut processes = Vec::new();
        for cell in cells {
            let mut process = machine.start(cell, None)?;
            process.prepare(false)?;
            process.warm_up()?;
            processes.push(process);
        }
        for block in 0..BLOCKS {
            let first = (round + block / 2 + block % 2) as usize % 2;
            for side in [first, 1 - first] {
                let at = TurnKey { round, block, turn: 0, session_unix_ns: 0 };
                turns[side].insert(at, block_of(&mut *processes[side])?);
            }
        }
        let rounds = paired_rounds(&turns[0], &turns[1]);
        let is_narrow = |found: Estimate| !found.is_wider_than(BUDGET.ratio_half_width);
        if round + 1 >= BUDGET.rounds && LOOK.speed_up(&rounds).is_some_and(is_narrow) {
            let ratio = Bootstrap::default().speed_up(&rounds).context("a round without blocks")?;
            return Ok(Ended { after: machine.now(), ratio, is_quiet: false });
        }
    }
    bail!("no interval is within ±2 % after {} rounds", BUDGET.most_rounds)
}

fn block_of(process: &mut dyn Process) -> Result<TurnMedian> {
    let taken = process.burst(BLOCK)?;
    let median_ns = median_ns(&taken.samples_ns).context("a block without inferences")?;
    Ok(TurnMedian { median_ns, conditions: None })
}

fn line(design: &str, ended: &[Ended]) -> String {
    let mut after_s: Vec<f64> = ended.iter().map(|one| one.after.as_secs_f64()).collect();
    after_s.sort_by(f64::total_cmp);
    let logarithms = ended.iter().map(|one| one.ratio.value.ln());
    let bias = (logarithms.sum::<f64>() / ended.len() as f64).exp() - 1.0;
    let near = ended.iter().filter(|one| (one.ratio.value - 1.0).abs() <= 0.02).count();
    let ratios: Vec<Estimate> = ended.iter().map(|one| one.ratio).collect();
    let quiet = ended.iter().filter(|one| one.is_quiet).count();
    let per_cent = |count: usize| 100.0 * count as f64 / ended.len() as f64;
    format!(
        "{design:<44} {:.0} s in the median, {:.0} s in nine of ten; {:+.1} % from the truth in the mean, {:.0} % of them within 2 % \
         of it; {:.0} % of the intervals hold it; {:.0} % are of quiet turns",
        after_s[after_s.len() / 2],
        after_s[after_s.len() * 9 / 10],
        bias * 100.0,
        per_cent(near),
        held(&ratios) * 100.0,
        per_cent(quiet)
    )
}

/// Returns the share of intervals that hold the true ratio.
fn held(found: &[Estimate]) -> f64 {
    let hold = found.iter().filter(|one| one.low <= 1.0 && one.high >= 1.0).count();
    hold as f64 / found.len() as f64
}
