//! A run in numbers.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::DeviceKind;
use formbench_store::{BlockRow, CellRow};
use serde::Serialize;

use crate::number::counted;
use crate::run::around;
use crate::{
    CellNumbers, DisturbanceCounts, DisturbedBlocks, Narrowing, Run, cell_numbers, quiet_level,
};

/// A cell that left asked threads unused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shortfall {
    /// Label of the architecture.
    pub architecture: String,
    /// Engine with its options.
    pub engine: String,
    /// Threads asked for.
    pub threads: u32,
    /// Processor time, with waiting for a processor, over wall time of the median block, per thread asked for.
    pub used: f64,
}

/// Less than this share of the asked threads' time used is a shortfall; as much above is an excess.
const LEAST_USED: f64 = 0.9;

/// A run in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunSummary {
    /// Name of the run.
    pub run: String,
    /// Short name of the machine.
    pub host: String,
    /// Its processor.
    pub cpu_model: String,
    /// Name of the budget profile.
    pub profile: String,
    /// Wall time inside timed blocks or warm-up, of the time from the run's start to its last block.
    /// Not known of a run that several commands took: nothing was measured between them.
    pub share_measuring: Option<f64>,
    /// Wall time of the inferences that count, of the same.
    pub share_counting: Option<f64>,
    /// Share of turns during which the host was quiet; nothing where nobody looked.
    pub share_quiet: Option<f64>,
    /// By what share the probe may take longer in a turn that counts as quiet; nothing where nobody looked.
    pub quiet_within: Option<f64>,
    /// Share of processes whose warm-up was steady before its cap.
    pub share_steady: Option<f64>,
    /// Largest processor time over wall time of a block, per thread asked for.
    pub most_processors_per_thread: Option<f64>,
    /// Cells that left asked threads unused: their median block has a shortfall.
    pub shortfalls: Vec<Shortfall>,
    /// Blocks of the run.
    pub blocks: usize,
    /// Those that no number is made of, and why.
    pub disturbed: DisturbanceCounts,
    /// Samples of the cells that are shown.
    pub samples: usize,
    /// How soon speed-ups were known as well as asked.
    pub narrowing: Narrowing,
    /// Speed-ups whose interval is wider than the experiment asks for, of how many.
    pub wide: [usize; 2],
    /// Every cell's numbers.
    pub lines: Vec<CellNumbers>,
}

impl RunSummary {
    /// Returns what is to be said below a table of its numbers: where, how much, and how well speed-ups are known.
    pub fn closing(&self) -> String {
        let percent = |share: Option<f64>, what: &str| {
            share.map_or(String::new(), |share| format!("; {:.0} % {what}", share * 100.0))
        };
        let share = percent(self.share_measuring, "of the time inside timed blocks or warm-up")
            + &percent(self.share_counting, "in inferences that count")
            + &percent(self.share_steady, "of the warm-ups steady before their cap")
            + &percent(self.share_quiet, "of the turns on a quiet host")
            + &percent(self.quiet_within, "contention at most in a turn that counts as quiet");
        let processors = self.most_processors_per_thread.map_or(String::new(), |most| {
            format!("; at most {most:.2} processors used per thread asked for")
        });
        let shortfall = self.shortfalls.first().map_or(String::new(), |worst| {
            format!(
                "; {} left asked threads unused, most {} on {} ({:.2} of {})",
                counted(self.shortfalls.len(), "cell"),
                worst.engine,
                worst.architecture,
                worst.used * f64::from(worst.threads),
                worst.threads,
            )
            .replace('\u{a0}', " ")
        });
        format!(
            "\n{} on {} ({}), profile {}: {} blocks, {} samples{share}{processors}{shortfall}\n{}\n\
             brackets: 95 % interval of a bootstrap over rounds; p90 and p99 of all inferences that count; load and first inference \
             in ms, medians over processes; {} of {} speed-ups wider than asked{}\n{}",
            self.run,
            self.host,
            self.cpu_model,
            self.profile,
            self.blocks,
            self.samples,
            self.disturbed.text().replace('\u{a0}', " "),
            self.wide[0],
            self.wide[1],
            how_well(&self.narrowing),
            soon(&self.narrowing),
        )
    }

    /// Returns the numbers of a run's members. What is said of turns, time and blocks is of the whole run.
    pub fn of(run: &Run) -> Self {
        let lines = cell_numbers(run, |_| true);
        let shown: BTreeSet<&str> = lines.iter().map(|line| line.cell.as_str()).collect();
        Self {
            run: run.host.run.clone(),
            host: run.host.host.clone(),
            cpu_model: run.host.cpu_model.clone(),
            profile: run.host.profile.clone(),
            share_measuring: share_measuring(run),
            share_counting: share_counting(run),
            share_quiet: share_quiet(run),
            quiet_within: quiet_within(run),
            share_steady: share_steady(run),
            most_processors_per_thread: most_processors_per_thread(run),
            shortfalls: shortfalls(run, |cell| shown.contains(cell.cell.as_str())),
            blocks: run.blocks.len(),
            disturbed: DisturbedBlocks::of(run).counts(),
            samples: lines.iter().map(|line| line.samples).sum(),
            narrowing: Narrowing::of(run),
            wide: [
                lines.iter().filter(|line| line.wide == Some(true)).count(),
                lines.iter().filter(|line| line.wide.is_some()).count(),
            ],
            lines,
        }
    }
}

/// Returns the share of wall time spent in blocks and warm-ups; each process warms up once.
fn share_measuring(run: &Run) -> Option<f64> {
    let warm_ups: BTreeMap<_, u64> = run
        .blocks
        .iter()
        .map(|block| ((&block.cell, block.round, block.process), block.warm_up_ns))
        .collect();
    let timed_ns: u64 = run.blocks.iter().map(|block| block.wall_ns).sum();
    Some((timed_ns + warm_ups.values().sum::<u64>()) as f64 / elapsed_ns(run)? as f64)
}

/// Returns the share of wall time spent in inferences that count.
fn share_counting(run: &Run) -> Option<f64> {
    let blocks = run.blocks.iter().filter_map(|block| run.latencies_of(block));
    let counting_ns: u64 = blocks.map(|latency| latency.counting_ns).sum();
    Some(counting_ns as f64 / elapsed_ns(run)? as f64)
}

/// Returns the nanoseconds from the run's start to the end of its last block; nothing of a run that several commands took.
fn elapsed_ns(run: &Run) -> Option<u64> {
    let sessions: BTreeSet<u64> = run.blocks.iter().map(|block| block.session_unix_ns).collect();
    if sessions.len() > 1 {
        return None;
    }
    let ends = run
        .blocks
        .iter()
        .map(|block| block.started_unix_ns + block.span_ns.unwrap_or(block.wall_ns));
    ends.max()?.checked_sub(run.host.started_unix_ns).filter(|&elapsed_ns| elapsed_ns > 0)
}

/// Returns the share of turns during which the host was quiet, disturbed blocks included.
pub fn share_quiet<L>(run: &formbench_store::Run<L>) -> Option<f64> {
    let level = quiet_level(run)?;
    let turns = || run.turns.values().flatten();
    let quiet = turns().filter(|turn| level.conditions(around(turn)).is_quiet()).count();
    Some(quiet as f64 / turns().count() as f64)
}

/// Returns by what share the probe may take longer in a turn that counts as quiet.
fn quiet_within(run: &Run) -> Option<f64> {
    let blocks = run.latencies.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values);
    let conditions = blocks.flat_map(|block| &block.turns).find_map(|turn| turn.conditions)?;
    Some(conditions.limit().share)
}

/// Returns the share of processes whose warm-up was steady.
fn share_steady(run: &Run) -> Option<f64> {
    let steady: BTreeMap<_, bool> = (run.blocks.iter())
        .map(|block| ((&block.cell, block.round, block.process), block.warm_up_stable))
        .collect();
    let count = steady.values().filter(|steady| **steady).count();
    (!steady.is_empty()).then(|| count as f64 / steady.len() as f64)
}

/// Returns the cells on the processor that left asked threads unused, the worst first.
fn shortfalls(run: &Run, takes: impl Fn(&CellRow) -> bool) -> Vec<Shortfall> {
    let on_processor = |cell: &&CellRow| cell.device_kind == DeviceKind::Cpu && takes(cell);
    let of_cell = |cell: &CellRow| {
        // A thread that waited for its processor was not idle.
        let used = |block: &BlockRow| {
            let busy_ns = block.cpu_ns + block.run_queue_ns.unwrap_or_default();
            busy_ns as f64 / block.wall_ns.max(1) as f64 / f64::from(cell.threads.max(1))
        };
        let blocks = run.blocks_of(&cell.cell).iter();
        let count = blocks.filter(|block| run.latencies_of(block).is_some());
        let mut used: Vec<f64> = count.map(used).collect();
        used.sort_by(f64::total_cmp);
        let used = used.get(used.len() / 2).copied().filter(|used| *used < LEAST_USED)?;
        let (architecture, engine) = (cell.architecture(), cell.engine_label());
        Some(Shortfall { architecture, engine, threads: cell.threads, used })
    };
    let cells = run.cells.values().filter(on_processor);
    let mut shortfalls: Vec<Shortfall> = cells.filter_map(of_cell).collect();
    shortfalls.sort_by(|one, other| one.used.total_cmp(&other.used));
    shortfalls
}

/// Returns the largest processor time over wall time of a block, per thread asked for.
fn most_processors_per_thread(run: &Run) -> Option<f64> {
    let used = run.blocks.iter().filter_map(|block| {
        let threads = run.cells.get(&block.cell)?.threads;
        Some(block.cpu_ns as f64 / block.wall_ns as f64 / f64::from(threads))
    });
    used.filter(|used| used.is_finite()).reduce(f64::max)
}

/// Returns a line about how soon speed-ups were known.
fn soon(narrowing: &Narrowing) -> String {
    let Narrowing { latency_ms: [least, most], pairs, narrow, median_s, .. } = narrowing;
    let median = median_s.map_or(String::new(), |seconds| {
        format!(", of the median pair after {seconds:.1} s of both cells")
    });
    format!(
        "of {} of cells that take {least:.0} to {most:.0} ms, {narrow} came out as narrow as asked after some round{median}",
        counted(*pairs, "speed-up").replace('\u{a0}', " "),
    )
}

/// Returns how well speed-ups are known, to go on behind how many are not known as asked.
fn how_well(Narrowing { log_ratio_sd, half_width, .. }: &Narrowing) -> String {
    let percent = |share: &Option<f64>| share.map(|share| format!("{:.0} %", 100.0 * share));
    let parts = [
        percent(half_width).map(|share| format!("the median one is ±{share}")),
        percent(log_ratio_sd).map(|share| format!("two bursts of one turn scatter by {share}")),
    ];
    parts.into_iter().flatten().map(|part| format!("; {part}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BlockLatency;

    /// Returns a run of one cell on two threads whose blocks of 100 ms used so much processor time.
    fn run(device_kind: DeviceKind, cpu_ms: &[u64]) -> Run {
        let cell = CellRow {
            cell: "c".into(),
            name: "vgg16".into(),
            engine: "tract".into(),
            device_kind,
            threads: 2,
            ..CellRow::default()
        };
        let block = |(round, &cpu_ms): (u32, &u64)| BlockRow {
            cell: "c".into(),
            round,
            wall_ns: 100_000_000,
            cpu_ns: cpu_ms * 1_000_000,
            ..BlockRow::default()
        };
        // The last block is disturbed, and has no latencies.
        let counting = (0..cpu_ms.len() as u32).take(cpu_ms.len() - 1);
        let latencies = counting.map(|round| (round, [(0, BlockLatency::default())].into()));
        let latencies = latencies.collect();
        Run {
            cells: [("c".into(), cell)].into(),
            blocks: (0..).zip(cpu_ms).map(block).collect(),
            latencies: [("c".into(), latencies)].into(),
            ..Run::default()
        }
    }

    #[test]
    fn asked_threads_that_are_not_used_are_a_shortfall() {
        // 120 of 200 ms in the middle.
        let found = shortfalls(&run(DeviceKind::Cpu, &[200, 120, 110, 30]), |_| true);
        let expected = Shortfall {
            architecture: "vgg16".into(),
            engine: "tract".into(),
            threads: 2,
            used: 0.6,
        };
        assert_eq!(found, [expected]);
        let none = |device, cpu_ms: &[u64]| shortfalls(&run(device, cpu_ms), |_| true).is_empty();
        assert!(none(DeviceKind::Cpu, &[190, 185, 100, 30]));
        // Another device's host side is one thread.
        assert!(none(DeviceKind::DiscreteGpu, &[120, 30]));
    }
}
