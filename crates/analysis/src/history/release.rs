//! Versions, and their order.

use std::collections::BTreeMap;

use pep440_rs::Version;
use serde::Serialize;

/// One release of an engine: all of what the engine says of itself that its timings may change with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Release {
    /// Version of the engine.
    pub version: String,
    /// What it says of how it was built.
    pub build: String,
    /// Vector instructions that it computes with.
    pub instruction_set: String,
}

/// Returns what `first_unix_ns` has, each with when it was first measured, in the order of versions: as versions, not
/// as text, so that 2026.2 comes before 2026.10. What has one version comes in the order of time, and what has none that can be
/// read, behind all that was measured before it.
///
/// # Source
/// PEP 440: that of the engines that are Python packages, and it reads those of crates too.
pub(super) fn in_order<T: Clone + Ord>(
    first_unix_ns: &BTreeMap<T, u64>,
    version: impl Fn(&T) -> &str,
) -> Vec<T> {
    let read = |one: &T| version(one).parse::<Version>().ok();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (one, &first) in first_unix_ns {
        match read(one) {
            Some(version) => known.push((version, first, one)),
            None => unknown.push((first, one)),
        }
    }
    known.sort();
    unknown.sort();
    let mut order: Vec<(u64, &T)> = known.into_iter().map(|(_, first, one)| (first, one)).collect();
    for (first, one) in unknown {
        let behind = order.iter().rposition(|(other, _)| *other <= first);
        order.insert(behind.map_or(0, |at| at + 1), (first, one));
    }
    order.into_iter().map(|(_, one)| one.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order<const N: usize>(versions: [(&'static str, u64); N]) -> Vec<&'static str> {
        in_order(&BTreeMap::from(versions), |version| version)
    }

    #[test]
    fn versions_are_numbers_and_not_text() {
        assert_eq!(order([("2026.10.0", 1), ("2026.2.0", 2)]), ["2026.2.0", "2026.10.0"]);
        let pytorch = [("2.10.0", 1), ("2.9.1+cu128", 2), ("2.10.0.dev20260101+cpu", 3)];
        assert_eq!(order(pytorch), ["2.9.1+cu128", "2.10.0.dev20260101+cpu", "2.10.0"]);
        assert_eq!(order([("2.0.0-rc.15", 1), ("2.0.0-rc.9", 2), ("2.0.0", 0)])[0], "2.0.0-rc.9");
    }

    #[test]
    fn what_is_no_version_comes_when_it_was_first_measured() {
        // Measured third, behind 1.1, which was measured second; "missing" before everything.
        let versions = [("1.0", 10), ("1.1", 20), ("1.2", 40), ("of today", 30), ("missing", 5)];
        assert_eq!(order(versions), ["missing", "1.0", "1.1", "of today", "1.2"]);
    }

    #[test]
    fn releases_of_one_version_come_in_the_order_of_time() {
        let release = |build: &str| Release {
            version: "1.0".to_owned(),
            build: build.to_owned(),
            instruction_set: String::new(),
        };
        let first = BTreeMap::from([(release("a"), 2), (release("b"), 1)]);
        assert_eq!(in_order(&first, |one| &one.version), [release("b"), release("a")]);
    }
}
