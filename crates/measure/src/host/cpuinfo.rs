//! What `/proc/cpuinfo` shows.

/// Returns the first processor's value of a key of `/proc/cpuinfo`.
#[cfg(target_os = "linux")]
pub(super) fn cpu_entry(key: &str) -> Option<String> {
    use procfs::{CpuInfo, Current};
    CpuInfo::current().ok()?.get_field(0, key).map(|value| value.trim().to_owned())
}

/// Returns nothing: this system has no such file.
#[cfg(not(target_os = "linux"))]
pub(super) fn cpu_entry(_key: &str) -> Option<String> {
    None
}
