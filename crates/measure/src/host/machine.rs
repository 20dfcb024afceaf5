//! The machine that is measured.

use std::fmt::Write as _;
use std::fs;

use sha2::{Digest, Sha256};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use super::microarchitecture;

/// What a reader must know of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// A short name made from the processor, such as `amd-epyc-zen4-2core`.
    pub slug: String,
    /// Hash of what makes two machines comparable: processor, cores, caches.
    pub fingerprint: String,
    /// Hash of which machine it is, of all that are alike.
    pub machine: String,
    /// Processor as the kernel names it.
    pub cpu_model: String,
    /// Processors that the kernel schedules on.
    pub logical_cores: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Level 2 cache of the first core in bytes; 0 where the kernel does not report it.
    pub l2_bytes: u64,
    /// Level 3 cache of the first core in bytes; 0 where the kernel does not report it.
    pub l3_bytes: u64,
    /// Operating system with its version.
    pub os: String,
    /// Kernel version.
    pub kernel: String,
    /// Whether the kernel shows the processor's hardware counters.
    pub counters: bool,
}

impl Host {
    /// Returns this machine.
    pub fn here() -> Self {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(what).ok();
        let cpus = system.as_ref().map_or_else(Default::default, System::cpus);
        let cpu_model = cpus.first().map_or("unknown", |cpu| cpu.brand().trim()).to_owned();
        let logical_cores = u32::try_from(cpus.len()).unwrap_or(u32::MAX);
        let (l2_bytes, l3_bytes) = (cache_bytes(2), cache_bytes(3));
        Self {
            slug: slug(&cpu_model, microarchitecture::here().as_deref(), logical_cores),
            fingerprint: fingerprint(&cpu_model, logical_cores, l2_bytes, l3_bytes),
            machine: machine(&machine_id(), &node_name()),
            cpu_model,
            logical_cores,
            memory_bytes: system.as_ref().map_or(0, System::total_memory),
            l2_bytes,
            l3_bytes,
            os: System::long_os_version().unwrap_or_else(|_| "unknown".to_owned()),
            kernel: System::kernel_version().unwrap_or_else(|_| "unknown".to_owned()),
            counters: has_counters(),
        }
    }
}

/// Returns whether the kernel has a source of hardware events: one for each kind of core, or one
/// for all.
fn has_counters() -> bool {
    let sources = fs::read_dir("/sys/bus/event_source/devices").into_iter().flatten().flatten();
    sources.into_iter().any(|source| source.file_name().to_string_lossy().starts_with("cpu"))
}

/// Returns lower-case words of the model's name, the microarchitecture if it is not among them, and the
/// number of cores, joined with dashes.
fn slug(cpu_model: &str, microarchitecture: Option<&str>, logical_cores: u32) -> String {
    let noise = ["cpu", "processor", "r", "tm", "with", "core"];
    let lower = cpu_model.to_lowercase();
    let clock = lower.split('@').next().unwrap_or_default();
    let words = clock.split(|c: char| !c.is_ascii_alphanumeric());
    let mut slug = words
        .filter(|word| !word.is_empty() && !noise.contains(word))
        .collect::<Vec<_>>()
        .join("-");
    if slug.is_empty() {
        slug.push_str("unknown");
    }
    if let Some(name) = microarchitecture.filter(|name| !slug.contains(name)) {
        let _ = write!(slug, "-{name}");
    }
    let _ = write!(slug, "-{logical_cores}core");
    slug
}

fn fingerprint(cpu_model: &str, logical_cores: u32, l2_bytes: u64, l3_bytes: u64) -> String {
    short_hash(&format!("{cpu_model}\n{logical_cores}\n{l2_bytes}\n{l3_bytes}"))
}

/// Returns a hash of which machine this is, of all that are alike: of the number that the system was given when it was
/// installed, which nobody can find from the hash, and of the name under which a scheduler or the network knows the
/// machine, since copies of one system may have one number.
fn machine(id: &str, node: &str) -> String {
    short_hash(&format!("formbench machine\n{}\n{}", id.trim(), node.trim()))
}

/// Returns the number that the system was given when it was installed; nothing where it has none.
fn machine_id() -> String {
    let places = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
    places.iter().find_map(|place| fs::read_to_string(place).ok()).unwrap_or_default()
}

/// Returns the name under which Slurm knows this machine, else the network.
fn node_name() -> String {
    let by_slurm = std::env::var("SLURMD_NODENAME").ok();
    by_slurm.or_else(|| System::host_name().ok()).unwrap_or_default()
}

/// Returns the first 16 hex digits of the text's SHA-256.
pub fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Returns the size of the first core's cache of that level, in bytes.
fn cache_bytes(level: u32) -> u64 {
    let folder = "/sys/devices/system/cpu/cpu0/cache";
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let read = |path: std::path::PathBuf| fs::read_to_string(path).unwrap_or_default();
    entries
        .filter(|entry| read(entry.path().join("level")).trim() == level.to_string())
        .map(|entry| kibibytes(read(entry.path().join("size")).trim()))
        .max()
        .unwrap_or(0)
}

/// Returns the bytes of a size as the kernel writes it, `1024K`.
fn kibibytes(size: &str) -> u64 {
    size.strip_suffix('K').and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_names_processor_and_cores() {
        assert_eq!(slug("AMD EPYC", Some("zen4"), 2), "amd-epyc-zen4-2core");
        let laptop = "Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz";
        assert_eq!(slug(laptop, Some("kaby-lake"), 8), "intel-i7-8550u-kaby-lake-8core");
        assert_eq!(slug("", None, 1), "unknown-1core");
    }

    #[test]
    fn a_fingerprint_changes_with_the_cache() {
        assert_ne!(fingerprint("a", 2, 1, 2), fingerprint("a", 2, 1, 3));
        assert_eq!(fingerprint("a", 2, 1, 2).len(), 16);
    }

    #[test]
    fn machines_that_are_alike_are_told_apart() {
        let one = machine("5f3c\n", "node1");
        assert_eq!(one, machine("5f3c", "node1\n"), "files end with a line feed");
        assert_ne!(one, machine("5f3c", "node2"), "a copied system has its number still");
        assert_ne!(one, machine("77aa", "node1"), "a name may go to another machine");
    }
}
