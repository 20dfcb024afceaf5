//! The processors' clock, where the kernel shows it.

use std::fs;

const PROCESSORS: &str = "/sys/devices/system/cpu";

/// Returns the highest clock of any processor, that of a busy one, in kHz.
pub fn highest_khz() -> Option<u64> {
    let processors = fs::read_dir(PROCESSORS).ok()?.flatten();
    let clock = |path: std::path::PathBuf| {
        let text = fs::read_to_string(path.join("cpufreq/scaling_cur_freq")).ok()?;
        text.trim().parse().ok()
    };
    processors.filter_map(|processor| clock(processor.path())).max()
}

/// Returns what decides about the clock of the first processor, as `powersave`.
pub fn governor() -> Option<String> {
    let path = format!("{PROCESSORS}/cpu0/cpufreq/scaling_governor");
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

/// Says whether the first processor shares its core with another, if the kernel knows.
pub fn has_siblings() -> Option<bool> {
    let path = format!("{PROCESSORS}/cpu0/topology/thread_siblings_list");
    Some(is_several(fs::read_to_string(path).ok()?.trim()))
}

/// Says whether a list as the kernel writes it, `0,4` or `0-1`, has several members.
fn is_several(list: &str) -> bool {
    list.contains([',', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_of_one_thread_has_no_siblings() {
        assert_eq!(["0", "0,4", "0-1"].map(is_several), [false, true, true]);
    }
}
