//! Pressure stall information: how long some thread of the host waited for what it needed.

use std::fs;

/// Time since the system started in which at least one thread waited.
#[derive(Debug, Default)]
pub(super) struct Pressure {
    pub(super) cpu_ns: Option<u64>,
    pub(super) memory_ns: Option<u64>,
    pub(super) io_ns: Option<u64>,
}

impl Pressure {
    pub(super) fn now() -> Self {
        let some = |of: &str| some_ns(&fs::read_to_string(format!("/proc/pressure/{of}")).ok()?);
        Self { cpu_ns: some("cpu"), memory_ns: some("memory"), io_ns: some("io") }
    }
}

/// Returns the total of the line `some`, which is in microseconds.
fn some_ns(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let total = line.split_whitespace().find_map(|word| word.strip_prefix("total="))?;
    Some(total.parse::<u64>().ok()? * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_some_is_taken_and_not_that_of_full() {
        let text = "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n\
                    some avg10=1.75 avg60=4.20 avg300=18.05 total=393933496\n";
        assert_eq!(some_ns(text), Some(393_933_496_000));
        assert_eq!(some_ns("some avg10=1.75\n"), None);
        assert_eq!(some_ns(""), None);
    }
}
