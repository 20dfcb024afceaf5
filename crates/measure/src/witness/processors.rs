//! Time of all processors of this host, and who waits for them.

use std::fs;

/// Nanoseconds of one tick of `/proc/stat`: hundredths of a second in the kernel's interface,
/// whatever its own clock is.
const TICK_NS: u64 = 10_000_000;

/// Time of all processors since the system started.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Processors {
    pub(super) busy_ns: Option<u64>,
    pub(super) steal_ns: Option<u64>,
}

impl Processors {
    pub(super) fn now() -> Self {
        fs::read_to_string("/proc/stat").ok().and_then(|text| parse(&text)).unwrap_or_default()
    }
}

/// Returns the times of the first line: user, nice, system, idle, waiting for a disk, interrupts,
/// soft interrupts, stolen; what guests had is in user and nice already.
fn parse(text: &str) -> Option<Processors> {
    let line = text.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [user, nice, system, _idle, _disk, interrupt, soft, ref steal @ ..] = ticks[..] else {
        return None;
    };
    let busy = user + nice + system + interrupt + soft;
    let steal_ns = steal.first().map(|steal| steal * TICK_NS);
    Some(Processors { busy_ns: Some(busy * TICK_NS), steal_ns })
}

/// Returns the mean number of running or waiting threads over the last minute.
pub(super) fn load_1m() -> Option<f64> {
    parse_load(&fs::read_to_string("/proc/loadavg").ok()?)
}

fn parse_load(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_all_processors_is_the_sum_that_is_neither_idle_nor_stolen() {
        let text = "cpu  271 70 24 2209 2 1 3 11 5 0\ncpu0 134 35 11 1106 0 0 0 5 5 0\nintr 1\n";
        // 271 + 70 + 24 + 1 + 3 ticks of 10 ms; 11 stolen; the guest's 5 are in the 271.
        let expected = Processors { busy_ns: Some(3_690_000_000), steal_ns: Some(110_000_000) };
        assert_eq!(parse(text), Some(expected));
    }

    #[test]
    fn a_kernel_without_steal_says_what_it_has() {
        let expected = Processors { busy_ns: Some(50_000_000), steal_ns: None };
        assert_eq!(parse("cpu 1 1 1 9 9 1 1\n"), Some(expected));
        assert_eq!(parse("cpu 1 1\n"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn the_load_is_the_first_number() {
        assert_eq!(parse_load("2.31 2.37 2.03 3/107 26512\n"), Some(2.31));
        assert_eq!(parse_load(""), None);
    }
}
