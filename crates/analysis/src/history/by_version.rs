//! A cell's runs by the versions that they are of, and which of these follow each other.

use std::collections::BTreeMap;

use serde::Serialize;

use super::release::in_order;
use super::{Point, Release};

/// The versions that a run of a cell is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Versions {
    /// The engine's release.
    pub engine: Release,
    /// Version of formbench.
    pub formbench: String,
}

impl Versions {
    /// Returns what distinguishes these versions from others that came before, such as `2026.4.1`, `formbench 0.2.0` or both.
    pub fn label(&self, before: &Self) -> String {
        let engine = (self.engine != before.engine).then(|| self.engine.label(&before.engine));
        let formbench =
            (self.formbench != before.formbench).then(|| format!("formbench {}", self.formbench));
        engine.into_iter().chain(formbench).collect::<Vec<_>>().join(", ")
    }
}

impl Release {
    /// Returns the version, and what distinguishes it from another release if that is not the version.
    fn label(&self, other: &Self) -> String {
        let version = &self.version;
        if *version != other.version {
            version.clone()
        } else if self.instruction_set != other.instruction_set {
            format!("{version} on {}", self.instruction_set)
        } else {
            format!("{version}, build {}", self.build)
        }
    }
}

/// Place of a release of the engine and of a version of formbench, each in its order.
type Place = (usize, usize);

/// A cell's runs by their versions.
pub(super) struct ByVersion<'a> {
    releases: Vec<Release>,
    formbenches: Vec<String>,
    runs: BTreeMap<Place, Vec<&'a Point>>,
}

impl<'a> ByVersion<'a> {
    /// Returns runs by their versions.
    pub(super) fn of(points: impl Iterator<Item = &'a Point> + Clone) -> Self {
        let releases = in_order(&firsts(points.clone(), |of| &of.engine), |one| &one.version);
        let formbenches = in_order(&firsts(points.clone(), |of| &of.formbench), String::as_str);
        let mut runs: BTreeMap<Place, Vec<&Point>> = BTreeMap::new();
        for point in points {
            let release = releases.iter().position(|one| *one == point.engine);
            let formbench = formbenches.iter().position(|one| *one == point.formbench);
            if let Some(place) = release.zip(formbench) {
                runs.entry(place).or_default().push(point);
            }
        }
        Self { releases, formbenches, runs }
    }

    /// Returns the versions that there are runs of, in order: by the engine's release, then by formbench's version.
    pub(super) fn versions(&self) -> Vec<Versions> {
        self.runs.keys().map(|place| self.at(*place)).collect()
    }

    /// Returns the runs of each of these versions, in the same order.
    pub(super) fn runs(&self) -> impl Iterator<Item = &[&'a Point]> {
        self.runs.values().map(Vec::as_slice)
    }

    /// Returns the runs before and after each change of a version. One version changes at a time where there are runs that
    /// allow it: releases of the engine that follow each other are compared by runs of the latest version of formbench
    /// that measured both, and versions of formbench by runs of the same release.
    pub(super) fn steps(&self) -> Vec<[&[&'a Point]; 2]> {
        let engines = (1..self.releases.len()).filter_map(|later| self.engine_step(later));
        let places: Vec<Place> = self.runs.keys().copied().collect();
        let of_formbench = places.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let pairs = engines.chain(of_formbench.map(|pair| [pair[0], pair[1]]));
        let runs = |place: Place| self.runs.get(&place).map_or(&[][..], Vec::as_slice);
        pairs.map(|places| places.map(runs)).collect()
    }

    /// Returns the places of a release and of the one before it that are compared: of the latest version of formbench that
    /// both have, else the latest of the earlier release and the first of the later one.
    fn engine_step(&self, later: usize) -> Option<[Place; 2]> {
        let formbenches = |release: usize| {
            self.runs.keys().filter(move |place| place.0 == release).map(|place| place.1)
        };
        let earlier = later - 1;
        let shared = formbenches(earlier)
            .filter(|formbench| self.runs.contains_key(&(later, *formbench)))
            .max();
        let [before, after] = match shared {
            Some(formbench) => [formbench; 2],
            None => [formbenches(earlier).max()?, formbenches(later).min()?],
        };
        Some([(earlier, before), (later, after)])
    }

    fn at(&self, (release, formbench): Place) -> Versions {
        Versions {
            engine: self.releases[release].clone(),
            formbench: self.formbenches[formbench].clone(),
        }
    }
}

/// Returns what runs are of, each with when the first of them began.
fn firsts<'a, T: Clone + Ord + 'a>(
    points: impl Iterator<Item = &'a Point>,
    what: impl Fn(&'a Point) -> &'a T,
) -> BTreeMap<T, u64> {
    let mut firsts = BTreeMap::new();
    for point in points {
        let first = firsts.entry(what(point).clone()).or_insert(point.started_unix_ns);
        *first = point.started_unix_ns.min(*first);
    }
    firsts
}

#[cfg(test)]
mod tests {
    use formbench_statistics::RunLevel;

    use super::*;

    fn point(engine: &str, formbench: &str, started_unix_ns: u64) -> Point {
        let (build, instruction_set) = (String::new(), String::new());
        Point {
            run: format!("run {started_unix_ns}"),
            started_unix_ns,
            formbench: formbench.to_owned(),
            engine: Release { version: engine.to_owned(), build, instruction_set },
            latency_ms: [1.0; 3],
            rounds: 3,
            found: None,
            over: Vec::new(),
            time: RunLevel { log: 0.0, variance: 0.0, freedom: 0, rounds: 3 },
        }
    }

    /// Returns each step as the starts of the runs on both sides.
    fn steps(points: &[Point]) -> Vec<[Vec<u64>; 2]> {
        let starts = |runs: &[&Point]| runs.iter().map(|run| run.started_unix_ns).collect();
        let by_version = ByVersion::of(points.iter());
        by_version.steps().into_iter().map(|sides| sides.map(starts)).collect()
    }

    #[test]
    fn a_step_changes_one_version_where_it_can() {
        // The earlier release was measured again with the later formbench: runs 3 and 4 differ in the engine alone, 1
        // and 3 in formbench alone.
        let points = [point("1.9", "0.1", 1), point("1.10", "0.2", 4), point("1.9", "0.2", 3)];
        assert_eq!(steps(&points), [[vec![3], vec![4]], [vec![1], vec![3]]]);
    }

    #[test]
    fn both_versions_change_where_no_run_lies_between() {
        let points = [point("1.9", "0.1", 1), point("1.10", "0.2", 2), point("1.10", "0.2", 3)];
        assert_eq!(steps(&points), [[vec![1], vec![2, 3]]]);
        let versions = ByVersion::of(points.iter()).versions();
        assert_eq!(versions[1].label(&versions[0]), "1.10, formbench 0.2");
    }

    #[test]
    fn one_version_has_no_step_however_many_runs() {
        assert!(steps(&[point("1", "0.1", 1), point("1", "0.1", 2)]).is_empty());
        assert!(steps(&[]).is_empty());
    }

    #[test]
    fn another_build_of_a_version_is_another_release() {
        let mut rebuilt = point("1", "0.1", 2);
        rebuilt.engine.build = "b".to_owned();
        let points = [point("1", "0.1", 1), rebuilt];
        assert_eq!(steps(&points), [[vec![1], vec![2]]]);
        let versions = ByVersion::of(points.iter()).versions();
        assert_eq!(versions[1].label(&versions[0]), "1, build b");
    }
}
