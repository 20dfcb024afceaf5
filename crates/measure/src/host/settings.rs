//! How the machine and the command's surroundings are set, as far as that changes timings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// Variables that change how engines compute: by name, or by the start of it.
const VARIABLES: [&str; 5] = [
    "CUDA_VISIBLE_DEVICES",
    "GLIBC_TUNABLES",
    "LD_PRELOAD",
    "RAYON_NUM_THREADS",
    "VK_ICD_FILENAMES",
];
const FAMILIES: [&str; 15] = [
    "ATEN_",
    "CUBECL_",
    "GOMP_",
    "KMP_",
    "MALLOC_",
    "MIMALLOC_",
    "MKL_",
    "OMP_",
    "ONEDNN_",
    "OPENBLAS_",
    "ORT_",
    "OV_",
    "PYTORCH_",
    "TBB_",
    "WGPU_",
];

/// Settings of a machine; nothing where the system does not report it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Revision of the processor's microcode.
    pub microcode: Option<String>,
    /// Governors of the processors' clocks, distinct and joined with commas.
    pub governor: Option<String>,
    /// Whether processors may clock above their base.
    pub turbo: Option<bool>,
    /// Whether a core runs several threads at once, in the kernel's word: `on`, `off`,
    /// `notsupported`.
    pub smt: Option<String>,
    /// What the machine reports of being virtual: maker and product, `unnamed`, or `none`.
    pub hypervisor: Option<String>,
    /// C library with its version, such as `glibc 2.36`.
    pub libc: Option<String>,
    /// Variables of the environment that change how engines compute.
    pub variables: BTreeMap<String, String>,
}

impl Settings {
    /// Returns those of this machine and this command.
    pub fn here() -> Self {
        Self {
            microcode: super::cpuinfo::cpu_entry("microcode"),
            governor: governor(),
            turbo: turbo(),
            smt: line("/sys/devices/system/cpu/smt/control"),
            hypervisor: super::cpuinfo::cpu_entry("flags").map(|flags| hypervisor(&flags)),
            libc: libc(),
            variables: variables(),
        }
    }
}

fn line(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn governor() -> Option<String> {
    let policies = fs::read_dir("/sys/devices/system/cpu/cpufreq").ok()?.flatten();
    let of_policy = |policy: fs::DirEntry| line(policy.path().join("scaling_governor").to_str()?);
    let distinct: BTreeSet<String> = policies.filter_map(of_policy).collect();
    (!distinct.is_empty()).then(|| distinct.into_iter().collect::<Vec<_>>().join(","))
}

fn turbo() -> Option<bool> {
    let boost = line("/sys/devices/system/cpu/cpufreq/boost").map(|on| on == "1");
    boost.or_else(|| Some(line("/sys/devices/system/cpu/intel_pstate/no_turbo")? == "0"))
}

fn hypervisor(flags: &str) -> String {
    if !flags.split_whitespace().any(|flag| flag == "hypervisor") {
        return "none".to_owned();
    }
    let names = ["/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name"];
    let names: Vec<String> = names.iter().filter_map(|path| line(path)).collect();
    let named = Some(names.join(" ")).filter(|names| !names.is_empty());
    named.or_else(|| line("/sys/hypervisor/type")).unwrap_or_else(|| "unnamed".to_owned())
}

fn libc() -> Option<String> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.trim().to_owned()).filter(|version| !version.is_empty())
}

/// Returns the variables that change timings; what is no text in them is replaced.
fn variables() -> BTreeMap<String, String> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let all = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
    all.filter(|(name, _)| changes_timings(name)).collect()
}

/// Returns whether a variable of the environment changes how engines compute, and so is recorded.
pub fn changes_timings(name: &str) -> bool {
    VARIABLES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_the_flag_is_not_virtual() {
        assert_eq!(hypervisor("fpu sse avx2"), "none");
        assert_ne!(hypervisor("fpu sse hypervisor lahf_lm"), "none");
    }

    #[test]
    fn variables_of_thread_pools_and_allocators_count_and_a_home_does_not() {
        for name in ["OMP_NUM_THREADS", "MALLOC_ARENA_MAX", "LD_PRELOAD", "RAYON_NUM_THREADS"] {
            assert!(changes_timings(name), "{name}");
        }
        for name in ["HOME", "PATH", "OMPHALOS", "RAYON_LOG"] {
            assert!(!changes_timings(name), "{name}");
        }
    }
}
