/// What a simulation counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheCounts {
    /// Instructions executed.
    pub instructions: u64,
    /// Data read and written, in accesses.
    pub data_references: u64,
    /// Accesses to instructions and data that miss the first level: those that the last level sees.
    pub l1_misses: u64,
    /// Of those, accesses that miss the last level.
    pub llc_misses: u64,
}

/// Events that are counted, by callgrind's names.
const INSTRUCTIONS: [&str; 1] = ["Ir"];
const DATA_REFERENCES: [&str; 2] = ["Dr", "Dw"];
const L1_MISSES: [&str; 3] = ["I1mr", "D1mr", "D1mw"];
const LLC_MISSES: [&str; 3] = ["ILmr", "DLmr", "DLmw"];

impl CacheCounts {
    /// Returns the counts in a dump of callgrind, or nothing if one is missing.
    ///
    /// The `totals` are those of all threads; a dump's `summary` may be that of one.
    pub(super) fn parse(dump: &str) -> Option<Self> {
        let line = |name| dump.lines().find_map(|line| line.strip_prefix(name));
        let names: Vec<&str> = line("events:")?.split_whitespace().collect();
        let totals = line("totals:")?.split_whitespace().map(|count| count.parse::<u64>().ok());
        let totals: Vec<u64> = totals.collect::<Option<_>>()?;
        // Trailing zeros may be left out.
        let count = |event: &&str| {
            let place = names.iter().position(|name| name == event)?;
            Some(totals.get(place).copied().unwrap_or(0))
        };
        let sum = |events: &[&str]| events.iter().map(count).sum::<Option<u64>>();
        Some(Self {
            instructions: sum(&INSTRUCTIONS)?,
            data_references: sum(&DATA_REFERENCES)?,
            l1_misses: sum(&L1_MISSES)?,
            llc_misses: sum(&LLC_MISSES)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUMP: &str = "\
# callgrind format
version: 1
creator: callgrind-3.19.0
pid: 17155
part: 1

desc: LL cache: 4194304 B, 64 B, 16-way associative
desc: Trigger: dump

positions: line
events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
summary: 1 1 1 1 1 1 1 1 1

fn=(1) infer
0 100 20 10 3 5 7 1 2 3

totals: 100 20 10 3 5 7 1 2 3
";

    #[test]
    fn a_last_level_sees_what_misses_the_first_and_misses_what_it_does_not_hold() {
        // 20 + 10; 3 + 5 + 7; 1 + 2 + 3.
        let expected =
            CacheCounts { instructions: 100, data_references: 30, l1_misses: 15, llc_misses: 6 };
        assert_eq!(CacheCounts::parse(DUMP), Some(expected));
    }

    #[test]
    fn trailing_zeros_may_be_left_out() {
        let dump = DUMP.replace("totals: 100 20 10 3 5 7 1 2 3", "totals: 100 20 10 3 5");
        let counts = CacheCounts::parse(&dump).unwrap();
        assert_eq!((counts.l1_misses, counts.llc_misses), (8, 0));
    }

    #[test]
    fn a_dump_that_is_cut_or_of_other_events_has_no_counts() {
        for (whole, broken) in
            [("totals:", "total"), ("D1mr", "Bc"), (" 20 10", " 20 x"), ("events:", "e")]
        {
            assert_eq!(CacheCounts::parse(&DUMP.replace(whole, broken)), None, "{broken}");
        }
    }
}
