//! How fast this machine is just now: fixed work of about a millisecond, part of it in registers and part
//! from memory.

use std::hint::black_box;
use std::time::Instant;

use formbench_statistics::Speed;
use memmap2::MmapMut;

use super::affinity::ProcessorSet;

/// Steps of the part in registers, each of which waits for the one before: a third of a millisecond.
const STEPS: u64 = 120_000;
/// Bytes of a cache line, of which one is read.
const LINE: usize = 64;
/// Bytes that the part from memory reads at a time, half a millisecond at most.
const READ: usize = 4 << 20;
/// Bytes that are read before the clock starts, which put what ran before out of the core's own caches.
const PRELUDE: usize = 2 << 20;
/// Bytes that are read through before any is read again, at least and at most. Within these limits they are twice
/// the last-level cache, so that what is read comes from memory, whoever ran before.
const BYTES: [u64; 2] = [64 << 20, 512 << 20];
/// Bytes of a huge page on the processors that engines run on.
const HUGE_PAGE: usize = 2 << 20;

/// Pages of memory that the probe reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Huge ones where the system gives them. How fast they are read depends little on which ones they are.
    Huge,
    /// Those of 4 KiB. Which ones a process is given makes reading them up to twice as slow, for as long as it lives.
    Small,
}

/// Fixed work that is done between bursts.
pub struct SpeedProbe {
    memory: Memory,
    /// Reads so far: each begins where the last one ended, on the next processor.
    reads: usize,
}

impl SpeedProbe {
    /// Returns a probe for a host with a last-level cache of so many bytes.
    pub fn new(l3_bytes: u64) -> Self {
        Self::with_pages(l3_bytes, Pages::Huge)
    }

    /// Returns a probe that reads such pages.
    pub fn with_pages(l3_bytes: u64, pages: Pages) -> Self {
        let [least, most] = BYTES;
        let bytes = l3_bytes.saturating_mul(2).clamp(least, most) as usize;
        Self { memory: Memory::of(bytes.next_multiple_of(PRELUDE + READ), pages), reads: 0 }
    }

    /// Returns how many parts the memory has that are read in turn.
    pub fn parts(&self) -> usize {
        self.memory.bytes().len() / (PRELUDE + READ)
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

    /// Returns how long it takes to read the part whose turn it is.
    fn memory_ns(&self) -> u64 {
        let mut parts = self.memory.bytes().chunks_exact(PRELUDE + READ);
        let part = parts.nth(self.reads % self.parts().max(1)).unwrap_or_default();
        let (prelude, timed_bytes) = part.split_at(PRELUDE.min(part.len()));
        black_box(sum_of_lines(prelude));
        timed(|| sum_of_lines(timed_bytes))
    }
}

/// Memory that begins at a huge page.
struct Memory {
    backing: Backing,
    start: usize,
    bytes: usize,
}

/// Where memory is from.
enum Backing {
    Mapped(MmapMut),
    /// Of the allocator, where the system maps none.
    Allocated(Vec<u8>),
}

impl Memory {
    fn of(bytes: usize, pages: Pages) -> Self {
        let backing = MmapMut::map_anon(bytes + HUGE_PAGE)
            .map_or_else(|_| Backing::Allocated(vec![0; bytes + HUGE_PAGE]), Backing::Mapped);
        let start = backing.bytes().as_ptr().align_offset(HUGE_PAGE).min(HUGE_PAGE);
        let mut memory = Self { backing, start, bytes };
        memory.ask_for(pages);
        memory.write();
        memory
    }

    /// Asks for such pages. A system that has none gives others.
    fn ask_for(&self, pages: Pages) {
        #[cfg(target_os = "linux")]
        if let Backing::Mapped(map) = &self.backing {
            let advice = match pages {
                Pages::Huge => memmap2::Advice::HugePage,
                Pages::Small => memmap2::Advice::NoHugePage,
            };
            // A kernel without huge pages refuses both: its pages are small.
            let _refused = map.advise(advice);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = pages;
    }

    /// Writes each byte: memory that was never written would all lie on one page of zeros.
    fn write(&mut self) {
        match &mut self.backing {
            Backing::Mapped(map) => map.fill(1),
            Backing::Allocated(bytes) => bytes.fill(1),
        }
    }

    fn bytes(&self) -> &[u8] {
        &self.backing.bytes()[self.start..self.start + self.bytes]
    }
}

impl Backing {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Allocated(bytes) => bytes,
        }
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

/// Returns the sum of one byte of each line.
fn sum_of_lines(bytes: &[u8]) -> u64 {
    bytes.iter().step_by(LINE).map(|&byte| u64::from(byte)).sum()
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
        let bytes = probe.memory.bytes();
        assert_eq!(sum_of_lines(bytes), (bytes.len() / LINE) as u64);
        assert_eq!((probe.parts(), bytes.as_ptr().align_offset(HUGE_PAGE)), (11, 0));
        let two = AllowedProcessors::here().map(|allowed| allowed.choose(2, 0));
        for reads in 1..20 {
            let speed = probe.read(two.as_ref());
            assert!(speed.registers_ns > 0 && speed.memory_ns > 0);
            assert_eq!(probe.reads, reads);
        }
    }

    #[test]
    fn a_large_cache_asks_for_more_lines_and_not_for_all_memory() {
        let mib = |l3_bytes| SpeedProbe::new(l3_bytes).memory.bytes().len() >> 20;
        // Whole readings of 6 MiB.
        assert_eq!([0, 33 << 20, 1 << 40].map(mib), [66, 66, 516]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_lies_on_the_pages_that_were_asked_for_where_the_system_gives_a_choice() {
        let setting = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
        if setting.is_ok_and(|setting| !setting.contains("[never]")) {
            let small = huge_kib(&SpeedProbe::with_pages(0, Pages::Small));
            assert_eq!(small, Some(0));
            let huge = huge_kib(&SpeedProbe::with_pages(0, Pages::Huge)).unwrap();
            // Mappings that lie side by side are one to the kernel, those of other tests too.
            assert!(huge > 0 && huge.is_multiple_of(2 << 10), "{huge} KiB");
        }
    }

    /// Returns how many KiB of the probe's memory lie on huge pages.
    #[cfg(target_os = "linux")]
    fn huge_kib(probe: &SpeedProbe) -> Option<u64> {
        let address = probe.memory.bytes().as_ptr().addr() as u64;
        let maps = procfs::process::Process::myself().unwrap().smaps().unwrap();
        let own = maps.iter().find(|map| (map.address.0..map.address.1).contains(&address))?;
        own.extension.map.get("AnonHugePages").map(|bytes| bytes >> 10)
    }
}
