//! How fast this machine is just now: fixed work of about a millisecond, part of it in registers and part
//! from memory.

use std::hint::black_box;
use std::time::Instant;

use formbench_statistics::Speed;

use super::affinity::ProcessorSet;

/// Steps of the part in registers, each of which waits for the one before: a third of a millisecond.
const STEPS: u64 = 120_000;
/// Numbers in a cache line of 64 bytes, of which one is read.
const LINE: usize = 8;
/// Lines that the part from memory reads at a time: 4 MiB, half a millisecond.
const LINES: usize = 1 << 16;
/// Lines that are read before the clock starts: 2 MiB, which put what ran before out of the core's own caches.
const PRELUDE_LINES: usize = 1 << 15;
/// Bytes that are read through before any is read again, at least and at most. Within these limits they are twice
/// the last-level cache, so that what is read comes from memory, whoever ran before.
const BYTES: [u64; 2] = [64 << 20, 512 << 20];

/// Fixed work that is done between bursts.
pub struct SpeedProbe {
    numbers: Vec<u64>,
    /// Reads so far: each begins where the last one ended, on the next processor.
    reads: usize,
}

impl SpeedProbe {
    /// Returns a probe for a host with a last-level cache of so many bytes.
    pub fn new(l3_bytes: u64) -> Self {
        let [least, most] = BYTES;
        let bytes = l3_bytes.saturating_mul(2).clamp(least, most) as usize;
        let of_one = (PRELUDE_LINES + LINES) * LINE * size_of::<u64>();
        // Numbers that were never written would all lie on one page of zeros.
        Self { numbers: vec![1; bytes.next_multiple_of(of_one) / size_of::<u64>()], reads: 0 }
    }

    /// Does the work on one of these processors, on each in its turn, and returns how long it took; without
    /// a set, on any.
    pub fn read(&mut self, processors: Option<&ProcessorSet>) -> Speed {
        let one = processors.map(|set| set.only(self.reads));
        let speed = ProcessorSet::within(one.as_ref(), || Speed {
            registers_ns: timed(scramble),
            memory_ns: self.memory_ns(),
        });
        self.reads += 1;
        speed
    }

    /// Returns how long it takes to read the lines whose turn it is.
    fn memory_ns(&self) -> u64 {
        let mut chunks = self.numbers.chunks_exact((PRELUDE_LINES + LINES) * LINE);
        let lines = chunks.nth(self.reads % chunks.len().max(1)).unwrap_or_default();
        let (prelude, timed_lines) = lines.split_at(PRELUDE_LINES * LINE);
        black_box(sum_of_lines(prelude));
        timed(|| sum_of_lines(timed_lines))
    }
}

/// Returns a number that took as many steps, none of which reads memory and none of which two can be made one.
fn scramble() -> u64 {
    let multiplier = 6_364_136_223_846_793_005_u64;
    (0..black_box(STEPS)).fold(1, |x: u64, _| {
        let x = x.wrapping_mul(multiplier);
        x ^ (x >> 29)
    })
}

/// Returns the sum of one number of each line.
fn sum_of_lines(lines: &[u64]) -> u64 {
    lines.iter().step_by(LINE).sum()
}

fn timed(work: impl FnOnce() -> u64) -> u64 {
    let start = Instant::now();
    black_box(work());
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AllowedProcessors;

    #[test]
    fn it_reads_every_line_once_and_on_every_processor() {
        let mut probe = SpeedProbe::new(0);
        assert_eq!(sum_of_lines(&probe.numbers), (probe.numbers.len() / LINE) as u64);
        let two = AllowedProcessors::here().map(|allowed| allowed.choose(2, 0));
        for reads in 1..20 {
            let speed = probe.read(two.as_ref());
            assert!(speed.registers_ns > 0 && speed.memory_ns > 0);
            assert_eq!(probe.reads, reads);
        }
    }

    #[test]
    fn a_large_cache_asks_for_more_lines_and_not_for_all_memory() {
        let mib = |l3_bytes| (SpeedProbe::new(l3_bytes).numbers.len() * size_of::<u64>()) >> 20;
        // Whole readings of 6 MiB.
        assert_eq!([0, 33 << 20, 1 << 40].map(mib), [66, 66, 516]);
    }
}
