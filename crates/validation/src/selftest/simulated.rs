//! The conductor on a machine whose noise is known: how often does it see a difference where there is
//! none, and how often one of 3 %?

use std::time::Duration;

use anyhow::{Context, Result};
use formbench_experiment::Budget;
use formbench_measure::{Launcher, RunCell};
use formbench_statistics::Estimate;
use formbench_store::CheckRow;

use super::in_memory;
use crate::{Noise, SimulatedMachine};

/// A restless virtual machine: its speed wanders by 5 % within seconds, processes differ by 1.6 %, as they were
/// found to (METHODOLOGY, "What a round is"), one inference in fifty is interrupted, and it slows down by 2 % each
/// minute. Where it slows down by more, the probe says that it is not quiet any more, and these turns do not count.
const NOISE: Noise = Noise {
    process: 0.016,
    wandering: 0.05,
    memory_s: 2.0,
    inference: 0.03,
    interrupted: 0.02,
    drift_per_s: 0.0003,
    ..Noise::NONE
};

/// A machine that does nothing but slow down, by a per cent each second.
const DRIFT: Noise = Noise { inference: 0.01, drift_per_s: 0.01, ..Noise::NONE };

/// The same cell twice, so often.
const ALIKE: u64 = 1000;
/// The share of them that may be called different, of all and of the narrowest quarter; intervals are to miss 5 %.
const MOST_FALSE: [f64; 2] = [0.065, 0.08];
/// Cells that differ by 3 %, so often.
const DIFFERENT: u64 = 50;
/// The share of them that must be found.
const LEAST_FOUND: f64 = 0.9;
/// Within this time each, on the machine's clock: some 25 rounds, of which those count that have quiet turns.
const FOUND_WITHIN: Duration = Duration::from_secs(90);
/// Latency on the quiet machine, in nanoseconds.
const LATENCY_NS: f64 = 10e6;
/// How much more of the memory's slow-down the first of two cells bears than the second.
const SENSITIVITY: f64 = 2.0;
/// By how much neighbours may move a ratio.
const MOST_MOVED: f64 = 0.01;
/// By how much a drift alone may move a ratio.
const MOST_BIAS: f64 = 0.001;

/// Four rounds at least and twelve at most, of eight blocks of a tenth of a second.
const BUDGET: Budget = Budget {
    rounds: 4,
    most_rounds: 12,
    blocks: 8,
    block_inferences: 3,
    block_s: 0.1,
    warm_up_inferences: 10,
    warm_up_s: 0.5,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.02,
    limit_s: 60.0,
    cell_limit_s: 600.0,
    ratio_half_width: 0.02,
};

/// Returns how the conductor does on machines that are simulated.
///
/// # Errors
/// A simulated cell is refused, which would be a defect of this very test.
pub fn checks() -> Result<Vec<CheckRow>> {
    Ok(vec![alike()?, different()?, drift()?, neighbours()?])
}

/// The same cell twice: rounds are added until the interval is within 2 %. Those that are called different are
/// counted among all, and among the quarter whose intervals are the narrowest, where luck gathers.
fn alike() -> Result<CheckRow> {
    let cells = pair(1.0, BUDGET);
    let mut found: Vec<Estimate> = (0..ALIKE)
        .map(|seed| compare(&SimulatedMachine::new(NOISE, seed), &cells, None))
        .collect::<Result<_>>()?;
    found.sort_by(|a, b| a.relative_half_width().total_cmp(&b.relative_half_width()));
    let is_false = |one: &&Estimate| one.low > 1.0 || one.high < 1.0;
    let share = |found: &[Estimate]| {
        found.iter().filter(is_false).count() as f64 / found.len().max(1) as f64
    };
    let (of_all, of_narrowest) = (share(&found), share(&found[..found.len() / 4]));
    Ok(CheckRow {
        check: format!("simulated noise and drift, the same cell twice, {ALIKE} times"),
        expected: format!(
            "called different at most {:.1} %, of the narrowest quarter {:.0} %",
            MOST_FALSE[0] * 100.0,
            MOST_FALSE[1] * 100.0
        ),
        measured: format!(
            "{:.1} %, of the narrowest quarter {:.1} %",
            of_all * 100.0,
            of_narrowest * 100.0
        ),
        passed: Some(of_all <= MOST_FALSE[0] && of_narrowest <= MOST_FALSE[1]),
    })
}

/// A cell and one that is 3 % slower.
fn different() -> Result<CheckRow> {
    let budget = Budget { ratio_half_width: 0.01, most_rounds: 100, ..BUDGET };
    let cells = pair(1.03, budget);
    let (mut found, mut longest) = (0, Duration::ZERO);
    for seed in 0..DIFFERENT {
        let machine = SimulatedMachine::new(NOISE, seed);
        found += u64::from(compare(&machine, &cells, Some(FOUND_WITHIN))?.low > 1.0);
        longest = longest.max(machine.now());
    }
    let share = found as f64 / DIFFERENT as f64;
    Ok(CheckRow {
        check: format!("simulated noise and drift, 3 % slower, {DIFFERENT} times"),
        expected: format!(
            "found at least {:.0} %, within {} s each",
            LEAST_FOUND * 100.0,
            FOUND_WITHIN.as_secs()
        ),
        measured: format!("{:.0} %, at most {:.0} s", share * 100.0, longest.as_secs_f64()),
        passed: Some(share >= LEAST_FOUND && longest <= FOUND_WITHIN),
    })
}

/// Who runs first is not favoured by a machine that slows down.
fn drift() -> Result<CheckRow> {
    let cells = pair(1.0, BUDGET);
    let mut log_ratio = 0.0;
    for seed in 0..DIFFERENT {
        log_ratio += compare(&SimulatedMachine::new(DRIFT, seed), &cells, None)?.value.ln();
    }
    let bias = (log_ratio / DIFFERENT as f64).exp() - 1.0;
    Ok(CheckRow {
        check: "simulated drift of 1 % a second, mean ratio of the same cell".to_owned(),
        expected: format!("within {:.1} % of 1", MOST_BIAS * 100.0),
        measured: format!("{:+.3} %", bias * 100.0),
        passed: Some(bias.abs() <= MOST_BIAS),
    })
}

/// Neighbours slow one engine down twice as much as the other: numbers are of quiet turns, and do not show it.
fn neighbours() -> Result<CheckRow> {
    let cells = [("first", SENSITIVITY), ("second", 1.0)]
        .map(|(key, by)| SimulatedMachine::cell(key, LATENCY_NS, by, BUDGET));
    let mut log_ratios = [0.0; 3];
    for seed in 0..DIFFERENT {
        let machine = SimulatedMachine::new(Noise::NEIGHBOURS, seed);
        let measured = in_memory::measure(&machine, &cells, None)?;
        let found = measured.found(&cells[0], &cells[1]).context("the machine took no blocks")?;
        for (sum, ratio) in log_ratios.iter_mut().zip(found) {
            *sum += ratio.value.ln();
        }
    }
    let [quiet, all, without] = log_ratios.map(|sum| (sum / DIFFERENT as f64).exp() - 1.0);
    Ok(CheckRow {
        check: format!(
            "simulated neighbours, quiet a fifth of the time, mean ratio of the same cell that bears them \
             {SENSITIVITY:.0} times as much"
        ),
        expected: format!("within {:.0} % of 1", MOST_MOVED * 100.0),
        measured: format!(
            "{:+.1} %; of all turns {:+.1} %, by the line through them {:+.1} %",
            quiet * 100.0,
            all * 100.0,
            without * 100.0
        ),
        passed: Some(quiet.abs() <= MOST_MOVED),
    })
}

fn compare(
    machine: &SimulatedMachine,
    cells: &[RunCell; 2],
    limit: Option<Duration>,
) -> Result<Estimate> {
    let measured = in_memory::measure(machine, cells, limit)?;
    measured.speed_up(&cells[0], &cells[1]).context("the simulated machine took no blocks")
}

/// Returns a cell that takes so many times as long as another, and that one.
fn pair(times: f64, budget: Budget) -> [RunCell; 2] {
    [("first", LATENCY_NS * times), ("second", LATENCY_NS)]
        .map(|(key, quiet_ns)| SimulatedMachine::cell(key, quiet_ns, 1.0, budget))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_do_not_move_what_is_made_of_quiet_turns() {
        let check = neighbours().unwrap();
        assert_eq!(check.passed, Some(true), "{check:?}");
    }

    #[test]
    fn a_drift_moves_no_ratio() {
        let check = drift().unwrap();
        assert_eq!(check.passed, Some(true), "{check:?}");
    }
}
