//! Clock and heat, which a virtual machine hides more often than not.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the clock of the fastest processor, in kHz: idle ones clock down, so that it is the one
/// that computes.
pub fn frequency_khz() -> Option<u64> {
    let policies = folders("/sys/devices/system/cpu/cpufreq", "policy");
    policies.filter_map(|policy| number(&policy.join("scaling_cur_freq"))).max()
}

/// Returns the temperature of the hottest zone, in thousandths of a degree Celsius.
pub(super) fn temperature_millicelsius() -> Option<u64> {
    let zones = folders("/sys/class/thermal", "thermal_zone");
    zones.filter_map(|zone| number(&zone.join("temp"))).max()
}

/// Returns how often processors and their packages were throttled since the system started.
pub(super) fn throttles() -> Option<u64> {
    let counts = ["core_throttle_count", "package_throttle_count"];
    let of_processor = |folder: PathBuf| {
        let folder = folder.join("thermal_throttle");
        counts.map(|name| number(&folder.join(name))).into_iter().flatten().reduce(|a, b| a + b)
    };
    let processors = folders("/sys/devices/system/cpu", "cpu");
    processors.filter_map(of_processor).reduce(|a, b| a + b)
}

/// Returns what decides about the clock of the first processor, such as `powersave`.
pub fn governor() -> Option<String> {
    let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

/// Returns whether the first processor shares its core with another, if the kernel knows.
pub fn has_siblings() -> Option<bool> {
    let path = "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list";
    Some(is_several(fs::read_to_string(path).ok()?.trim()))
}

/// Returns whether a list as the kernel writes it, `0,4` or `0-1`, has several members.
fn is_several(list: &str) -> bool {
    list.contains([',', '-'])
}

/// Returns the folders below `root` whose name is the stem and a number.
fn folders(root: &str, stem: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let is_numbered = move |name: &str| {
        let number = name.strip_prefix(stem).unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let numbered = move |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(is_numbered);
    entries.filter(numbered).map(|entry| entry.path())
}

fn number(path: &Path) -> Option<u64> {
    parse(&fs::read_to_string(path).ok()?)
}

/// Returns a number of one line; a temperature below zero is none.
fn parse(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_of_one_thread_has_no_siblings() {
        assert_eq!(["0", "0,4", "0-1"].map(is_several), [false, true, true]);
    }

    #[test]
    fn a_sensor_is_one_number_or_nothing() {
        assert_eq!(parse("2596128\n"), Some(2_596_128));
        assert_eq!(parse("-3000\n"), None);
        assert_eq!(parse("<unknown>\n"), None);
    }

    #[test]
    fn folders_are_numbered() {
        let root = std::env::temp_dir().join(format!("formbench-sensors-{}", std::process::id()));
        for name in ["cpu0", "cpu12", "cpufreq", "cpu", "policy0"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let mut found: Vec<_> = folders(root.to_str().unwrap(), "cpu").collect();
        found.sort();
        assert_eq!(found, [root.join("cpu0"), root.join("cpu12")]);
        fs::remove_dir_all(root).unwrap();
    }
}
