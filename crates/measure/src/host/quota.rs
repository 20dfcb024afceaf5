//! How much processor time the control group of this command may have, and how long it was stopped for it.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders of the groups that limit this command's processor time, from its own up.
fn groups() -> Vec<PathBuf> {
    let text = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    folders(&text).filter(|folder| folder.is_dir()).collect()
}

/// Returns the folders that a process's list of its groups names: those of the controller `cpu`, or else those
/// of the one hierarchy of the second version.
fn folders(cgroup: &str) -> impl Iterator<Item = PathBuf> {
    let entries = || cgroup.lines().filter_map(|line| line.split_once(':')?.1.split_once(':'));
    let of_cpu = |(controllers, _): &(&str, &str)| controllers.split(',').any(|name| name == "cpu");
    let unified = |(controllers, _): &(&str, &str)| controllers.is_empty();
    let found = entries().find(of_cpu).or_else(|| entries().find(unified));
    let (controllers, path) = found.unwrap_or_default();
    // Without empty components, which an empty name leaves.
    let plain = |path: PathBuf| path.components().collect::<PathBuf>();
    let root = plain(Path::new("/sys/fs/cgroup").join(controllers));
    let own = plain(root.join(path.trim_start_matches('/')));
    let up: Vec<PathBuf> = own.ancestors().map(Path::to_owned).collect();
    up.into_iter().take_while(move |folder| folder.starts_with(&root))
}

/// Returns how many processors' time this command may have; nothing where it is not limited.
pub fn quota() -> Option<f64> {
    let of_group = |folder: PathBuf| {
        let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let first = || limit(&read("cpu.cfs_quota_us")?, &read("cpu.cfs_period_us")?);
        let second = || {
            let text = read("cpu.max")?;
            let (quota, period) = text.trim().split_once(' ')?;
            limit(quota, period)
        };
        second().or_else(first)
    };
    groups().into_iter().filter_map(of_group).reduce(f64::min)
}

/// Returns a quota as a share of its period; nothing of `max` and of -1, which are none.
fn limit(quota_us: &str, period_us: &str) -> Option<f64> {
    let quota: f64 = quota_us.trim().parse().ok()?;
    let period: f64 = period_us.trim().parse().ok()?;
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

/// Returns how long the groups were stopped so far because their quota was spent, on all processors together;
/// nothing where they do not say.
pub(super) fn throttled_ns() -> Option<u64> {
    let of_group = |folder: PathBuf| stopped_ns(&fs::read_to_string(folder.join("cpu.stat")).ok()?);
    groups().into_iter().filter_map(of_group).reduce(u64::saturating_add)
}

fn stopped_ns(stat: &str) -> Option<u64> {
    let value = |line: &str, name: &str| line.strip_prefix(name)?.trim().parse::<u64>().ok();
    let second = |line| value(line, "throttled_usec ")?.checked_mul(1000);
    stat.lines().find_map(|line| second(line).or_else(|| value(line, "throttled_time ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_either_version_are_found_with_those_above_them() {
        let paths = |cgroup: &str| {
            let all = folders(cgroup).map(|folder| folder.display().to_string());
            all.collect::<Vec<_>>().join(" ")
        };
        let first = "5:cpuset:/x\n4:cpu,cpuacct:/docker/1f\n0::/y\n";
        let all = "/sys/fs/cgroup/cpu,cpuacct/docker/1f /sys/fs/cgroup/cpu,cpuacct/docker \
                   /sys/fs/cgroup/cpu,cpuacct";
        assert_eq!(paths(first), all);
        assert_eq!(paths("0::/user.slice\n"), "/sys/fs/cgroup/user.slice /sys/fs/cgroup");
        assert_eq!(paths("0::/\n"), "/sys/fs/cgroup");
    }

    #[test]
    fn a_quota_is_a_share_of_its_period() {
        assert_eq!(limit("150000", "100000\n"), Some(1.5));
        assert_eq!((limit("max", "100000"), limit("-1", "100000")), (None, None));
    }

    #[test]
    fn stopped_time_is_read_in_either_version() {
        let second = "usage_usec 5\nnr_periods 12\nnr_throttled 3\nthrottled_usec 900\n";
        let first = "nr_periods 12\nnr_throttled 3\nthrottled_time 900000\n";
        assert_eq!(
            [second, first, "usage_usec 5\n"].map(stopped_ns),
            [Some(900_000), Some(900_000), None]
        );
    }
}
