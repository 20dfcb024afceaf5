//! Which blocks of a run count: the one rule, of the recorder and of every report.

use std::collections::BTreeMap;

use formbench_protocol::DeviceKind;
use formbench_statistics::{BlockTime, Disturbance, DisturbanceRule};
use formbench_store::{BlockKey, BlockRow, CellRow, Run};
use serde::Serialize;

use crate::number::{counted, grouped, percent};
use crate::series::engine_label;

/// The blocks of a run that are left out of its numbers, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisturbedBlocks {
    reasons: BTreeMap<BlockKey, Vec<Disturbance>>,
    /// All blocks by engine, and the disturbed ones among them.
    engines: BTreeMap<String, [usize; 2]>,
    blocks: usize,
    /// Blocks of which it is known how much time was stolen, and of which the clock is.
    witnessed: [usize; 2],
}

/// How many blocks are disturbed, of how many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisturbanceCounts {
    /// All blocks.
    pub blocks: usize,
    /// Disturbed ones, each counted once.
    pub disturbed: usize,
    /// Disturbed ones as a share of all.
    pub share: f64,
    /// By reason, of which a block may have several.
    pub reasons: Vec<ReasonCount>,
    /// Blocks of which it is known how much time was stolen.
    pub steal_witnessed: usize,
    /// Blocks of which the clock is known.
    pub clock_witnessed: usize,
}

/// How many blocks are disturbed for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReasonCount {
    /// The reason, such as `steal`.
    pub reason: &'static str,
    /// What it means.
    pub meaning: String,
    /// Blocks that have it.
    pub blocks: usize,
    /// These as a share of all.
    pub share: f64,
}

impl DisturbedBlocks {
    /// Returns the disturbed blocks of a run by the rule of METHODOLOGY.
    pub fn of<L>(run: &Run<L>) -> Self {
        let mut found = Self::default();
        for block in &run.blocks {
            let Some(cell) = run.cells.get(&block.cell) else { continue };
            let Some(time) = time(block, cell) else { continue };
            found.add(block, cell, &time);
        }
        found.blocks = run.blocks.len();
        found
    }

    fn add(&mut self, block: &BlockRow, cell: &CellRow, time: &BlockTime) {
        let reasons = DisturbanceRule::default().reasons(time);
        let [all, disturbed] = self.engines.entry(engine_label(cell)).or_default();
        *all += 1;
        *disturbed += usize::from(!reasons.is_empty());
        self.witnessed[0] += usize::from(time.steal_ns.is_some());
        self.witnessed[1] += usize::from(time.clock_khz.is_some());
        if !reasons.is_empty() {
            self.reasons.insert(BlockKey::from(block), reasons);
        }
    }

    /// Returns whether a block is among them.
    pub fn contains(&self, block: &BlockKey) -> bool {
        self.reasons.contains_key(block)
    }

    /// Takes their latencies out of the run, whose rows stay: a round or a cell of which nothing is
    /// left has no latencies.
    pub fn leave_out<L>(&self, run: &mut Run<L>) {
        for BlockKey { cell, round, block } in self.reasons.keys() {
            let Some(rounds) = run.latencies.get_mut(cell) else { continue };
            let Some(blocks) = rounds.get_mut(round) else { continue };
            blocks.remove(block);
            if blocks.is_empty() {
                rounds.remove(round);
            }
            if rounds.is_empty() {
                run.latencies.remove(cell);
            }
        }
    }

    /// Returns how many there are, in total and by reason.
    pub fn counts(&self) -> DisturbanceCounts {
        let count = |disturbance| {
            self.reasons.values().filter(|reasons| reasons.contains(&disturbance)).count()
        };
        let share = |count: usize| count as f64 / self.blocks.max(1) as f64;
        let of_reason = |disturbance| {
            let (reason, meaning) = words(disturbance);
            ReasonCount {
                reason,
                meaning,
                blocks: count(disturbance),
                share: share(count(disturbance)),
            }
        };
        let [steal_witnessed, clock_witnessed] = self.witnessed;
        DisturbanceCounts {
            blocks: self.blocks,
            disturbed: self.reasons.len(),
            share: share(self.reasons.len()),
            reasons: Disturbance::ALL.into_iter().map(of_reason).collect(),
            steal_witnessed,
            clock_witnessed,
        }
    }

    /// Returns the engine that lost the largest share of its blocks, and that share.
    pub fn hit_hardest(&self) -> Option<(&str, f64)> {
        let share = |&[all, disturbed]: &[usize; 2]| disturbed as f64 / all as f64;
        let disturbed = self.engines.iter().filter(|(_, [_, disturbed])| *disturbed > 0);
        let shares = disturbed.map(|(engine, counts)| (engine.as_str(), share(counts)));
        shares.max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl DisturbanceCounts {
    /// Returns the counts in a few words, such as `3 of 400 blocks disturbed (0.75 %: 2 steal, 1
    /// clock)`.
    pub fn text(&self) -> String {
        let Self { disturbed, share, .. } = self;
        let blocks = counted(self.blocks, "block");
        let reasons = self.reasons.iter().filter(|reason| reason.blocks > 0);
        let reasons: Vec<String> =
            reasons.map(|reason| format!("{} {}", grouped(reason.blocks), reason.reason)).collect();
        match (*disturbed, self.unseen()) {
            (0, unseen) => format!("none of {blocks} disturbed{unseen}"),
            (_, unseen) => format!(
                "{} of {blocks} disturbed and left out ({}: {}){unseen}",
                grouped(*disturbed),
                percent(*share),
                reasons.join(", ")
            ),
        }
    }

    /// Returns for how many blocks each cause is known, in words; nothing if it is for all.
    pub fn unseen(&self) -> String {
        let witnessed = [(self.steal_witnessed, "steal"), (self.clock_witnessed, "the clock")];
        let unseen: Vec<String> = witnessed
            .iter()
            .filter(|(seen, _)| *seen < self.blocks)
            .map(|(seen, what)| match seen {
                0 => format!("{what} of none"),
                seen => format!("{what} of {}", grouped(*seen)),
            })
            .collect();
        if unseen.is_empty() { String::new() } else { format!("; known: {}", unseen.join(", ")) }
    }
}

/// Returns whether a block is left out of all numbers.
pub fn is_disturbed(block: &BlockRow, cell: &CellRow) -> bool {
    time(block, cell).is_some_and(|time| !DisturbanceRule::default().reasons(&time).is_empty())
}

/// Returns what the rule looks at; nothing of a block on a device that does not exist.
///
/// Another device's host side is one thread, and it may burn what the driver likes: processor time
/// is judged on blocks of the processor alone.
fn time(block: &BlockRow, cell: &CellRow) -> Option<BlockTime> {
    let is = |kind: DeviceKind| cell.device_kind == kind;
    if is(DeviceKind::Simulated) || is(DeviceKind::Missing) {
        return None;
    }
    let on_processor = is(DeviceKind::Cpu);
    // Of what was lost over the turns of all cells, each has its share by the wall clock.
    let share = block.span_ns.map_or(1.0, |span_ns| block.wall_ns as f64 / span_ns.max(1) as f64);
    let own = |ns: Option<u64>| ns.map(|ns| (ns as f64 * share).round() as u64);
    Some(BlockTime {
        wall_ns: block.wall_ns,
        cpu_ns: on_processor.then_some(block.cpu_ns),
        steal_ns: own(block.steal_ns),
        waited_ns: block.run_queue_ns.filter(|_| on_processor && block.processors.is_some()),
        quota_throttled_ns: own(block.quota_throttled_ns),
        clock_khz: block.frequency_before_khz.zip(block.frequency_after_khz).map(Into::into),
        threads: if on_processor { cell.threads } else { 1 },
        is_of_bursts: block.span_ns.is_some(),
    })
}

/// Returns a reason's name and meaning.
fn words(disturbance: Disturbance) -> (&'static str, String) {
    let DisturbanceRule { steal, steal_from_bursts, excess, waiting, quota, clock } =
        DisturbanceRule::default();
    let limit = |share: f64| format!("{:.0}\u{a0}%", 100.0 * share);
    match disturbance {
        Disturbance::Steal => (
            "steal",
            format!(
                "the hypervisor took more than {} of its threads' time, {} if it is of bursts",
                limit(steal),
                limit(steal_from_bursts),
            ),
        ),
        Disturbance::Excess => (
            "excess",
            format!("its processor time was more than {} above its threads'", limit(excess)),
        ),
        Disturbance::Waiting => (
            "waiting",
            format!(
                "its threads waited for their processors for more than {} of its time",
                limit(waiting)
            ),
        ),
        Disturbance::Quota => (
            "quota",
            format!(
                "its control group had spent its quota, and was stopped for more than {} of its threads' time",
                limit(quota)
            ),
        ),
        Disturbance::Clock => ("clock", format!("the clock moved by more than {}", limit(clock))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    /// Returns a run of one cell on two threads with these blocks of 100 ms, one per round.
    fn run(device_kind: DeviceKind, blocks: &[BlockRow]) -> Run<u64> {
        let cell = CellRow {
            cell: "c".into(),
            engine: "tract".into(),
            options: "{}".into(),
            device_kind,
            threads: 2,
            ..CellRow::default()
        };
        let key = |round: usize| u32::try_from(round).unwrap();
        let placed = blocks.iter().enumerate().map(|(round, block)| BlockRow {
            cell: "c".into(),
            round: key(round),
            wall_ns: 100 * MS,
            ..block.clone()
        });
        let latencies = (0..blocks.len()).map(|round| (key(round), [(0, 1)].into())).collect();
        Run {
            cells: [("c".into(), cell)].into(),
            blocks: placed.collect(),
            latencies: [("c".into(), latencies)].into(),
            ..Run::default()
        }
    }

    fn quiet() -> BlockRow {
        let clock = Some(3_000_000);
        BlockRow {
            cpu_ns: 200 * MS,
            steal_ns: Some(0),
            frequency_before_khz: clock,
            frequency_after_khz: clock,
            ..BlockRow::default()
        }
    }

    fn disturbed_of_each_kind() -> [BlockRow; 4] {
        [
            quiet(),
            BlockRow { steal_ns: Some(10 * MS), ..quiet() },
            BlockRow { cpu_ns: 230 * MS, ..quiet() },
            BlockRow { steal_ns: Some(10 * MS), frequency_after_khz: Some(2_000_000), ..quiet() },
        ]
    }

    #[test]
    fn disturbed_blocks_are_counted_by_reason_and_lose_their_latencies() {
        let mut run = run(DeviceKind::Cpu, &disturbed_of_each_kind());
        let disturbed = DisturbedBlocks::of(&run);
        let counts = disturbed.counts();
        assert_eq!((counts.blocks, counts.disturbed, counts.share), (4, 3, 0.75));
        let by_reason: Vec<_> = counts.reasons.iter().map(|one| (one.reason, one.blocks)).collect();
        assert_eq!(
            by_reason,
            [("steal", 2), ("excess", 1), ("waiting", 0), ("quota", 0), ("clock", 1)]
        );
        assert_eq!(disturbed.hit_hardest(), Some(("tract", 0.75)));
        let text = "3 of 4 blocks disturbed and left out (75.0 %: 2 steal, 1 excess, 1 clock)";
        assert_eq!(counts.text().replace('\u{a0}', " "), text);
        disturbed.leave_out(&mut run);
        let left: Vec<u32> = run.latencies["c"].keys().copied().collect();
        assert_eq!((left, run.blocks.len()), (vec![0], 4));
    }

    #[test]
    fn waiting_counts_only_where_the_processors_were_set() {
        let waited = BlockRow { run_queue_ns: Some(20 * MS), ..quiet() };
        let set = BlockRow { processors: Some("0,1".into()), ..waited.clone() };
        let counts = DisturbedBlocks::of(&run(DeviceKind::Cpu, &[waited, set])).counts();
        assert_eq!((counts.disturbed, counts.reasons[2].blocks), (1, 1));
    }

    #[test]
    fn a_cell_without_a_clean_block_has_no_latencies() {
        let mut run = run(DeviceKind::Cpu, &disturbed_of_each_kind()[1..]);
        DisturbedBlocks::of(&run).leave_out(&mut run);
        assert!(run.latencies.is_empty());
    }

    #[test]
    fn another_device_s_host_side_is_one_thread_that_may_burn_what_it_likes() {
        let disturbed =
            DisturbedBlocks::of(&run(DeviceKind::SoftwareAdapter, &disturbed_of_each_kind()));
        let by_reason: Vec<_> = disturbed.counts().reasons.iter().map(|one| one.blocks).collect();
        assert_eq!(by_reason, [2, 0, 0, 0, 1]);
        // 1.5 ms of 100 ms: clean on two threads, disturbed on the host's one.
        let hit = [BlockRow { steal_ns: Some(3 * MS / 2), ..quiet() }];
        assert_eq!(DisturbedBlocks::of(&run(DeviceKind::Cpu, &hit)).counts().disturbed, 0);
        assert_eq!(DisturbedBlocks::of(&run(DeviceKind::DiscreteGpu, &hit)).counts().disturbed, 1);
    }

    #[test]
    fn a_simulated_device_has_no_time_that_could_be_disturbed() {
        let disturbed = DisturbedBlocks::of(&run(DeviceKind::Simulated, &disturbed_of_each_kind()));
        assert_eq!(disturbed.counts().disturbed, 0);
    }

    #[test]
    fn what_nobody_saw_is_said_and_not_held_against_a_block() {
        let unseen = BlockRow { steal_ns: None, frequency_after_khz: None, ..quiet() };
        let counts = DisturbedBlocks::of(&run(DeviceKind::Cpu, &[unseen, quiet()])).counts();
        let text = "none of 2 blocks disturbed; known: steal of 1, the clock of 1";
        assert_eq!(counts.text().replace('\u{a0}', " "), text);
    }
}
