use std::fmt;

/// Line of every simulated cache, in bytes.
const LINE_BYTES: u32 = 64;
/// Each of the two simulated first-level caches, in bytes: that of most processors of today.
pub const L1_BYTES: u64 = 32 << 10;
/// Ways of a set of the simulated first-level caches.
const L1_WAYS: u32 = 8;
/// Ways of a set of the simulated last-level cache where its size leaves the choice.
const MOST_WAYS: u32 = 16;

/// A simulated last-level cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LastLevel {
    /// Size in bytes.
    pub bytes: u64,
    /// Ways of a set.
    pub associativity: u32,
    /// Size of a line in bytes.
    pub line_bytes: u32,
}

impl LastLevel {
    /// Returns a cache of that size: as many ways, up to 16, as leave a power of two of sets.
    ///
    /// # Units
    /// `mib`: MiB, a power of two times an odd number up to 15.
    #[must_use]
    pub fn of_mib(mib: u32) -> Self {
        let odd = mib >> mib.trailing_zeros().min(u32::BITS - 1);
        let doublings = (MOST_WAYS / odd.max(1)).max(1).ilog2();
        Self {
            bytes: u64::from(mib) << 20,
            associativity: odd << doublings,
            line_bytes: LINE_BYTES,
        }
    }

    /// Returns valgrind's arguments for the sizes of all simulated caches.
    pub(super) fn arguments(&self) -> [String; 3] {
        let first = |name| format!("--{name}={L1_BYTES},{L1_WAYS},{LINE_BYTES}");
        let Self { bytes, associativity, line_bytes } = self;
        [first("I1"), first("D1"), format!("--LL={bytes},{associativity},{line_bytes}")]
    }
}

impl fmt::Display for LastLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.bytes >> 20)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_has_a_power_of_two_of_sets_and_at_most_16_ways() {
        let ways = |mib| LastLevel::of_mib(mib).associativity;
        // 48 = 3 · 16: three ways, doubled twice, are the most within 16.
        assert_eq!([4, 8, 48, 20, 7, 11].map(ways), [16, 16, 12, 10, 14, 11]);
        for mib in (1..=1024).filter(|mib: &u32| mib >> mib.trailing_zeros() <= 15) {
            let LastLevel { bytes, associativity, line_bytes } = LastLevel::of_mib(mib);
            let set_bytes = u64::from(associativity * line_bytes);
            assert!(bytes % set_bytes == 0 && (bytes / set_bytes).is_power_of_two(), "{mib}");
            assert!(associativity <= 16, "{mib}");
        }
    }

    #[test]
    fn valgrind_is_told_all_three_caches() {
        let arguments = LastLevel::of_mib(48).arguments();
        assert_eq!(arguments, ["--I1=32768,8,64", "--D1=32768,8,64", "--LL=50331648,12,64"]);
    }
}
