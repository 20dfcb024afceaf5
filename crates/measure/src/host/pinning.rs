//! Variables of the environment that pin threads to processors, cap their number, or say how idle ones wait. Workers
//! do without them: the conductor decides on processors and threads, alike for every engine, and an option on
//! waiting.

use std::process::Command;

/// Variables that thread pools read: OpenMP's, those of its implementations, and oneMKL's.
const PINNING: [&str; 19] = [
    "GOMP_CPU_AFFINITY",
    "GOMP_SPINCOUNT",
    "KMP_AFFINITY",
    "KMP_ALL_THREADS",
    "KMP_BLOCKTIME",
    "KMP_DEVICE_THREAD_LIMIT",
    "KMP_HW_SUBSET",
    "KMP_LIBRARY",
    "KMP_PLACE_THREADS",
    "KMP_TEAMS_THREAD_LIMIT",
    "MKL_DOMAIN_NUM_THREADS",
    "MKL_DYNAMIC",
    "OMP_DYNAMIC",
    "OMP_PLACES",
    "OMP_PROC_BIND",
    "OMP_TEAMS_THREAD_LIMIT",
    "OMP_THREAD_LIMIT",
    "OMP_WAIT_POLICY",
    "RAYON_RS_NUM_CPUS",
];

/// Takes the variables that steer threads out of a program's environment.
pub fn clear_pinning(command: &mut Command) {
    for name in PINNING {
        command.env_remove(name);
    }
}

/// Returns the names of those variables that this command's environment has.
pub fn pinning_variables() -> Vec<&'static str> {
    PINNING.into_iter().filter(|name| std::env::var_os(name).is_some()).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_none_of_them_and_keeps_the_rest() {
        let mut command = Command::new("env");
        command.env("OMP_PROC_BIND", "close").env("KMP_AFFINITY", "compact").env("KEPT", "1");
        clear_pinning(&mut command);
        let output = command.output().unwrap();
        let seen = String::from_utf8_lossy(&output.stdout);
        assert!(seen.lines().any(|line| line == "KEPT=1"), "{seen}");
        assert!(!seen.contains("OMP_PROC_BIND") && !seen.contains("KMP_AFFINITY"), "{seen}");
    }
}
