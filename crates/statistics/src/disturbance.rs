//! Which blocks were disturbed: a rule that is decided before anything is measured.

/// The limits beyond which a block counts as disturbed, in shares of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DisturbanceRule {
    /// Largest share of the block's thread time that others on the physical machine may have taken.
    pub steal: f64,
    /// Largest share by which processor time may exceed the time of the threads asked for.
    pub excess: f64,
    /// Largest share by which the clock frequency may have changed.
    pub clock: f64,
}

impl Default for DisturbanceRule {
    fn default() -> Self {
        Self { steal: 0.01, excess: 0.10, clock: 0.05 }
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
    /// Clock frequency before and after, in kHz.
    pub clock_khz: Option<[u64; 2]>,
    /// Threads that may compute on this host's processors.
    pub threads: u32,
}

/// Why a block is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disturbance {
    /// Others on the physical machine took time.
    Steal,
    /// More threads computed than were asked for.
    Excess,
    /// The clock frequency changed.
    Clock,
}

impl Disturbance {
    /// Every reason, in the order of a report.
    pub const ALL: [Self; 3] = [Self::Steal, Self::Excess, Self::Clock];
}

impl DisturbanceRule {
    /// Returns why a block is disturbed; empty for an undisturbed block. What was not observed is
    /// no reason.
    ///
    /// Steal counts as a share of the time of the block's threads, not of all processors. An idle
    /// processor has no time that could be stolen, so all stolen time is the threads' own.
    pub fn reasons(&self, block: &BlockTime) -> Vec<Disturbance> {
        let threads_ns = block.wall_ns as f64 * f64::from(block.threads.max(1));
        let exceeds =
            |ns: Option<u64>, share: f64| ns.is_some_and(|ns| ns as f64 > threads_ns * share);
        let moved =
            |[before, after]: [u64; 2]| after.abs_diff(before) as f64 > before as f64 * self.clock;
        let is = |disturbance: &Disturbance| match disturbance {
            Disturbance::Steal => exceeds(block.steal_ns, self.steal),
            Disturbance::Excess => exceeds(block.cpu_ns, 1.0 + self.excess),
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
        clock_khz: Some([3_000_000, 3_000_000]),
        threads: 2,
    };

    fn reasons(block: BlockTime) -> Vec<Disturbance> {
        DisturbanceRule::default().reasons(&block)
    }

    #[test]
    fn limits_themselves_are_clean() {
        assert_eq!(reasons(CLEAN), []);
        // Of 2 s of two threads 1 % is 20 ms and 110 % is 2.2 s; 5 % of 3 GHz are 150 MHz.
        let at_the_limits = BlockTime {
            steal_ns: Some(20_000_000),
            cpu_ns: Some(2_200_000_000),
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
        for after in [2_849_999, 3_150_001] {
            let clock_khz = Some([3_000_000, after]);
            assert_eq!(reasons(BlockTime { clock_khz, ..CLEAN }), [Disturbance::Clock]);
        }
    }

    #[test]
    fn a_block_has_all_its_reasons_in_order() {
        let clock_khz = Some([3_000_000, 2_000_000]);
        let (steal_ns, cpu_ns) = (Some(30_000_000), Some(3_000_000_000));
        let block = BlockTime { steal_ns, cpu_ns, clock_khz, ..CLEAN };
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
    fn what_nobody_saw_is_not_held_against_a_block() {
        let unseen = BlockTime { cpu_ns: None, steal_ns: None, clock_khz: None, ..CLEAN };
        assert_eq!(reasons(unseen), []);
    }
}
