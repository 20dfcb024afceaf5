use std::collections::BTreeMap;

use formbench_protocol::DeviceKind;
use formbench_statistics::{BlockTime, Dirt, DirtRule};
use formbench_store::{BlockKey, BlockRow, CellRow, Run};
use serde::Serialize;

use crate::number::{counted, grouped, percent};
use crate::series::engine_label;

/// The blocks of a run that are left out of its numbers, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DirtyBlocks {
    reasons: BTreeMap<BlockKey, Vec<Dirt>>,
    /// All blocks by engine, and the dirty ones among them.
    engines: BTreeMap<String, [usize; 2]>,
    blocks: usize,
    /// Blocks of which it is known how much time was stolen, and of which the clock is.
    witnessed: [usize; 2],
}

/// How many blocks are dirty, of how many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DirtCounts {
    /// All blocks.
    pub blocks: usize,
    /// Dirty ones, each counted once.
    pub dirty: usize,
    /// Dirty ones as a share of all.
    pub share: f64,
    /// By reason, of which a block may have several.
    pub reasons: Vec<ReasonCount>,
    /// Blocks of which it is known how much time was stolen.
    pub steal_witnessed: usize,
    /// Blocks of which the clock is known.
    pub clock_witnessed: usize,
}

/// How many blocks are dirty for one reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReasonCount {
    /// The reason, as `steal`.
    pub reason: &'static str,
    /// What it means.
    pub meaning: String,
    /// Blocks that have it.
    pub blocks: usize,
    /// These as a share of all.
    pub share: f64,
}

impl DirtyBlocks {
    /// Returns the dirty blocks of a run by the rule of METHODOLOGY.
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
        let reasons = DirtRule::default().reasons(time);
        let [all, dirty] = self.engines.entry(engine_label(cell)).or_default();
        *all += 1;
        *dirty += usize::from(!reasons.is_empty());
        self.witnessed[0] += usize::from(time.steal_ns.is_some());
        self.witnessed[1] += usize::from(time.clock_khz.is_some());
        if !reasons.is_empty() {
            self.reasons.insert(BlockKey::from(block), reasons);
        }
    }

    /// Says whether a block is among them.
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
    pub fn counts(&self) -> DirtCounts {
        let count = |dirt| self.reasons.values().filter(|reasons| reasons.contains(&dirt)).count();
        let share = |count: usize| count as f64 / self.blocks.max(1) as f64;
        let of_reason = |dirt| {
            let (reason, meaning) = words(dirt);
            ReasonCount { reason, meaning, blocks: count(dirt), share: share(count(dirt)) }
        };
        let [steal_witnessed, clock_witnessed] = self.witnessed;
        DirtCounts {
            blocks: self.blocks,
            dirty: self.reasons.len(),
            share: share(self.reasons.len()),
            reasons: Dirt::ALL.into_iter().map(of_reason).collect(),
            steal_witnessed,
            clock_witnessed,
        }
    }

    /// Returns the engine that lost the largest share of its blocks, and that share.
    pub fn hit_hardest(&self) -> Option<(&str, f64)> {
        let share = |&[all, dirty]: &[usize; 2]| dirty as f64 / all as f64;
        let dirty = self.engines.iter().filter(|(_, [_, dirty])| *dirty > 0);
        let shares = dirty.map(|(engine, counts)| (engine.as_str(), share(counts)));
        shares.max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl DirtCounts {
    /// Returns the counts in a few words, as `3 of 400 blocks dirty (0.75 %: 2 steal, 1 clock)`.
    pub fn text(&self) -> String {
        let Self { dirty, share, .. } = self;
        let blocks = counted(self.blocks, "block");
        let reasons = self.reasons.iter().filter(|reason| reason.blocks > 0);
        let reasons: Vec<String> =
            reasons.map(|reason| format!("{} {}", grouped(reason.blocks), reason.reason)).collect();
        match (*dirty, self.unseen()) {
            (0, unseen) => format!("none of {blocks} dirty{unseen}"),
            (_, unseen) => format!(
                "{} of {blocks} dirty and left out ({}: {}){unseen}",
                grouped(*dirty),
                percent(*share),
                reasons.join(", ")
            ),
        }
    }

    /// Returns what of them nobody saw, in words.
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

/// Says whether a block is left out of all numbers.
pub fn is_dirty(block: &BlockRow, cell: &CellRow) -> bool {
    time(block, cell).is_some_and(|time| !DirtRule::default().reasons(&time).is_empty())
}

/// Returns what the rule looks at; nothing of a block on a device that does not exist.
///
/// Another device's host side is one thread, and it may burn what the driver likes: processor time
/// is held against blocks of the processor alone.
fn time(block: &BlockRow, cell: &CellRow) -> Option<BlockTime> {
    let is = |kind: DeviceKind| cell.device_kind == kind.label();
    if is(DeviceKind::Simulated) || is(DeviceKind::Missing) {
        return None;
    }
    let on_processor = is(DeviceKind::Cpu);
    Some(BlockTime {
        wall_ns: block.wall_ns,
        cpu_ns: on_processor.then_some(block.cpu_ns),
        steal_ns: block.steal_ns,
        clock_khz: block.frequency_before_khz.zip(block.frequency_after_khz).map(Into::into),
        threads: if on_processor { cell.threads } else { 1 },
    })
}

/// Returns a reason's name and meaning.
fn words(dirt: Dirt) -> (&'static str, String) {
    let DirtRule { steal, excess, clock } = DirtRule::default();
    let limit = |share: f64| format!("{:.0}\u{a0}%", 100.0 * share);
    match dirt {
        Dirt::Steal => (
            "steal",
            format!("the hypervisor took more than {} of its threads' time", limit(steal)),
        ),
        Dirt::Excess => (
            "excess",
            format!("its processor time was more than {} above its threads'", limit(excess)),
        ),
        Dirt::Clock => ("clock", format!("the clock moved by more than {}", limit(clock))),
    }
}

#[cfg(test)]
mod tests {
    use formbench_store::HostRow;

    use super::*;

    const MS: u64 = 1_000_000;

    /// Returns a run of one cell on two threads with these blocks of 100 ms, one per round.
    fn run(device_kind: &str, blocks: &[BlockRow]) -> Run<u64> {
        let cell = CellRow {
            cell: "c".into(),
            engine: "tract".into(),
            options: "{}".into(),
            device_kind: device_kind.into(),
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
            host: HostRow::default(),
            experiments: vec![],
            members: vec![],
            cells: [("c".into(), cell)].into(),
            attributes: vec![],
            rooflines: vec![],
            checks: vec![],
            caches: vec![],
            blocks: placed.collect(),
            refusals: vec![],
            latencies: [("c".into(), latencies)].into(),
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

    fn dirty_of_each_kind() -> [BlockRow; 4] {
        [
            quiet(),
            BlockRow { steal_ns: Some(10 * MS), ..quiet() },
            BlockRow { cpu_ns: 230 * MS, ..quiet() },
            BlockRow { steal_ns: Some(10 * MS), frequency_after_khz: Some(2_000_000), ..quiet() },
        ]
    }

    #[test]
    fn dirty_blocks_are_counted_by_reason_and_lose_their_latencies() {
        let mut run = run("cpu", &dirty_of_each_kind());
        let dirty = DirtyBlocks::of(&run);
        let counts = dirty.counts();
        assert_eq!((counts.blocks, counts.dirty, counts.share), (4, 3, 0.75));
        let by_reason: Vec<_> = counts.reasons.iter().map(|one| (one.reason, one.blocks)).collect();
        assert_eq!(by_reason, [("steal", 2), ("excess", 1), ("clock", 1)]);
        assert_eq!(dirty.hit_hardest(), Some(("tract", 0.75)));
        let text = "3 of 4 blocks dirty and left out (75.0 %: 2 steal, 1 excess, 1 clock)";
        assert_eq!(counts.text().replace('\u{a0}', " "), text);
        dirty.leave_out(&mut run);
        let left: Vec<u32> = run.latencies["c"].keys().copied().collect();
        assert_eq!((left, run.blocks.len()), (vec![0], 4));
    }

    #[test]
    fn a_cell_without_a_clean_block_has_no_latencies() {
        let mut run = run("cpu", &dirty_of_each_kind()[1..]);
        DirtyBlocks::of(&run).leave_out(&mut run);
        assert!(run.latencies.is_empty());
    }

    #[test]
    fn another_device_s_host_side_is_one_thread_that_may_burn_what_it_likes() {
        let dirty = DirtyBlocks::of(&run("software-adapter", &dirty_of_each_kind()));
        let by_reason: Vec<_> = dirty.counts().reasons.iter().map(|one| one.blocks).collect();
        assert_eq!(by_reason, [2, 0, 1]);
        // 1.5 ms of 100 ms: clean on two threads, dirty on the host's one.
        let hit = [BlockRow { steal_ns: Some(3 * MS / 2), ..quiet() }];
        assert_eq!(DirtyBlocks::of(&run("cpu", &hit)).counts().dirty, 0);
        assert_eq!(DirtyBlocks::of(&run("discrete-gpu", &hit)).counts().dirty, 1);
    }

    #[test]
    fn a_simulated_device_has_no_time_that_could_be_disturbed() {
        let dirty = DirtyBlocks::of(&run("simulated", &dirty_of_each_kind()));
        assert_eq!(dirty.counts().dirty, 0);
    }

    #[test]
    fn what_nobody_saw_is_said_and_not_held_against_a_block() {
        let unseen = BlockRow { steal_ns: None, frequency_after_khz: None, ..quiet() };
        let counts = DirtyBlocks::of(&run("cpu", &[unseen, quiet()])).counts();
        let text = "none of 2 blocks dirty; known: steal of 1, the clock of 1";
        assert_eq!(counts.text().replace('\u{a0}', " "), text);
    }
}
