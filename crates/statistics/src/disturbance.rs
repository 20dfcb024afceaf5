//! Which blocks were disturbed: a rule that is decided before anything is measured.

/// The limits beyond which a block counts as disturbed, in shares of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DisturbanceRule {
    /// Largest share of the block's thread time that others on the physical machine may have taken, of a
    /// block that is one stretch of inferences.
    pub steal: f64,
    /// The same of a block of short bursts: their medians bear what hits a few of them.
    pub steal_from_bursts: f64,
    /// Largest share by which processor time may exceed the time of the threads asked for.
    pub excess: f64,
    /// Largest share of the block's duration that its threads may have waited for their processors.
    pub waiting: f64,
    /// Largest share of the block's thread time that its control group may have been stopped for its quota.
    pub quota: f64,
    /// Largest share by which the clock frequency may have changed.
    pub clock: f64,
}

impl Default for DisturbanceRule {
    fn default() -> Self {
        Self {
            steal: 0.01,
            steal_from_bursts: 0.25,
            excess: 0.10,
            waiting: 0.10,
            quota: 0.01,
            clock: 0.05,
        }
    }
}

/// What was observed of a block's time; `None` where nothing was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BlockTime {
    /// Duration by the wall clock.
    pub wall_ns: u64,
    /// Processor time that the block used, if it computes on processors.
    pub cpu_ns: Option<u64>,
    /// Time that the hypervisor gave to others, of all processors together.
    pub steal_ns: Option<u64>,
    /// Time that the block's threads were ready and waited for a processor, all together, if they may run
    /// on as many processors as threads alone.
    pub waited_ns: Option<u64>,
    /// Time that the block's control group was stopped because its quota was spent, on all processors together.
    pub quota_throttled_ns: Option<u64>,
    /// Clock frequency before and after, in kHz.
    pub clock_khz: Option<[u64; 2]>,
    /// Threads that may compute on this host's processors.
    pub threads: u32,
    /// Whether it is made of bursts that took turns with those of others.
    pub is_of_bursts: bool,
}

/// Why a block is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disturbance {
    /// Others on the physical machine took time.
    Steal,
    /// More threads computed than were asked for.
    Excess,
    /// More threads computed than there were processors for, or other programs ran there.
    Waiting,
    /// The control group's time was spent, and everything in it was stopped for a while.
    Quota,
    /// The clock frequency changed.
    Clock,
}

impl Disturbance {
    /// Every reason, in the order of a report.
    pub const ALL: [Self; 5] = [Self::Steal, Self::Excess, Self::Waiting, Self::Quota, Self::Clock];
}

impl DisturbanceRule {
    /// Returns why a block is disturbed; empty for an undisturbed block. What was not observed is
    /// no reason.
    ///
    /// Steal counts as a share of the time of the block's threads, not of all processors. An idle
    /// processor has no time that could be stolen, so all stolen time is the threads' own.
    pub fn reasons(&self, block: &BlockTime) -> Vec<Disturbance> {
        let threads_ns = block.wall_ns as f64 * f64::from(block.threads.max(1));
        let is_above = |ns: Option<u64>, limit_ns: f64| ns.is_some_and(|ns| ns as f64 > limit_ns);
        let steal = if block.is_of_bursts { self.steal_from_bursts } else { self.steal };
        let moved =
            |[before, after]: [u64; 2]| after.abs_diff(before) as f64 > before as f64 * self.clock;
        let is = |disturbance: &Disturbance| match disturbance {
            Disturbance::Steal => is_above(block.steal_ns, threads_ns * steal),
            Disturbance::Excess => is_above(block.cpu_ns, threads_ns * (1.0 + self.excess)),
            Disturbance::Waiting => is_above(block.waited_ns, block.wall_ns as f64 * self.waiting),
            Disturbance::Quota => is_above(block.quota_throttled_ns, threads_ns * self.quota),
            Disturbance::Clock => block.clock_khz.is_some_and(moved),
        };
        Disturbance::ALL.into_iter().filter(is).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One second on two threads, all of it used and nothing else going on.
    const CLEAN: BlockTime = BlockTime {
        wall_ns: 1_000_000_000,
        cpu_ns: Some(2_000_000_000),
        steal_ns: Some(0),
        waited_ns: Some(0),
        quota_throttled_ns: Some(0),
        clock_khz: Some([3_000_000, 3_000_000]),
        threads: 2,
        is_of_bursts: false,
    };

    fn reasons(block: BlockTime) -> Vec<Disturbance> {
        DisturbanceRule::default().reasons(&block)
    }

    #[test]
    fn limits_themselves_are_clean() {
        assert_eq!(reasons(CLEAN), []);
        // Of 2 s of two threads 1 % is 20 ms and 110 % is 2.2 s; 10 % of 1 s are 0.1 s, 5 % of 3 GHz 150 MHz.
        let at_the_limits = BlockTime {
            steal_ns: Some(20_000_000),
            cpu_ns: Some(2_200_000_000),
            waited_ns: Some(100_000_000),
            quota_throttled_ns: Some(20_000_000),
            clock_khz: Some([3_000_000, 2_850_000]),
            ..CLEAN
        };
        assert_eq!(reasons(at_the_limits), []);
    }

    #[test]
    fn each_limit_alone_makes_a_block_disturbed() {
        let steal_ns = Some(20_000_001);
        assert_eq!(reasons(BlockTime { steal_ns, ..CLEAN }), [Disturbance::Steal]);
        let cpu_ns = Some(2_200_000_001);
        assert_eq!(reasons(BlockTime { cpu_ns, ..CLEAN }), [Disturbance::Excess]);
        let waited_ns = Some(100_000_001);
        assert_eq!(reasons(BlockTime { waited_ns, ..CLEAN }), [Disturbance::Waiting]);
        let quota_throttled_ns = Some(20_000_001);
        assert_eq!(reasons(BlockTime { quota_throttled_ns, ..CLEAN }), [Disturbance::Quota]);
        for after in [2_849_999, 3_150_001] {
            let clock_khz = Some([3_000_000, after]);
            assert_eq!(reasons(BlockTime { clock_khz, ..CLEAN }), [Disturbance::Clock]);
        }
    }

    #[test]
    fn a_block_has_all_its_reasons_in_order() {
        let clock_khz = Some([3_000_000, 2_000_000]);
        let (steal_ns, cpu_ns) = (Some(30_000_000), Some(3_000_000_000));
        let (waited_ns, quota_throttled_ns) = (Some(200_000_000), Some(50_000_000));
        let block =
            BlockTime { steal_ns, cpu_ns, waited_ns, quota_throttled_ns, clock_khz, ..CLEAN };
        assert_eq!(reasons(block), Disturbance::ALL);
    }

    #[test]
    fn the_same_steal_hits_one_thread_harder_than_two() {
        let steal_ns = Some(15_000_000);
        assert_eq!(reasons(BlockTime { steal_ns, ..CLEAN }), []);
        let alone = BlockTime { steal_ns, threads: 1, cpu_ns: Some(1_000_000_000), ..CLEAN };
        assert_eq!(reasons(alone), [Disturbance::Steal]);
    }

    #[test]
    fn short_bursts_bear_more_steal_than_one_stretch() {
        // A quarter of the 2 s of two threads.
        let bursts = BlockTime { steal_ns: Some(500_000_000), is_of_bursts: true, ..CLEAN };
        assert_eq!(reasons(bursts), []);
        let more = BlockTime { steal_ns: Some(500_000_001), ..bursts };
        assert_eq!(reasons(more), [Disturbance::Steal]);
        assert_eq!(reasons(BlockTime { is_of_bursts: false, ..bursts }), [Disturbance::Steal]);
    }

    #[test]
    fn what_nobody_saw_is_not_held_against_a_block() {
        let unseen =
            BlockTime { cpu_ns: None, steal_ns: None, waited_ns: None, clock_khz: None, ..CLEAN };
        assert_eq!(reasons(unseen), []);
    }
}
