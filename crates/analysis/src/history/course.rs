//! How long cells take relative to their first version, version by version: what the figure `history` draws.

use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::Estimate;

use super::by_version::ByVersion;
use super::changes::scatter_of;
use super::host_scatter::host_scatters;
use super::runs::HostPast;
use super::yardstick::Sides;
use super::{CellIdentity, Changes, HostScatter, Point, StepVerdict, VersionHistory, Versions};
use crate::order::engine_order;

/// One engine on one host.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPanel {
    /// Short name of the host.
    pub host: String,
    /// Registry name of the engine.
    pub engine: String,
    /// Engine with its options.
    pub setting: String,
    /// The versions along x: the engine's, and formbench's in brackets, as far as they change.
    pub versions: Vec<String>,
    /// The cells.
    pub courses: Vec<Course>,
}

/// One cell over versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// What the cell is called in its panel: by its architecture where that is enough.
    pub name: String,
    /// Whether one of its steps is a change.
    pub is_changed: bool,
    /// The versions that it was measured with, two at least.
    pub places: Vec<CoursePlace>,
}

/// A cell with one version.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoursePlace {
    /// Number of the version along x, from 0.
    pub at: usize,
    /// Its time over that with the cell's first version.
    pub time: Estimate,
    /// Rounds of the runs with this version.
    pub rounds: usize,
    /// Whether some number is as found, on a busy host.
    pub is_as_found: bool,
}

/// Cells of one engine and its options.
type Setting<'a> = Vec<(&'a CellIdentity, &'a [Point])>;

impl VersionHistory {
    /// Returns a panel for each engine and host with several versions, with the cells that have several; `changes`
    /// are those of this history.
    pub fn panels(&self, changes: &Changes) -> Vec<HistoryPanel> {
        let mut panels = Vec::new();
        for (fingerprint, past) in self.in_order() {
            let scatters = host_scatters(past);
            let changed: BTreeSet<&CellIdentity> = changes
                .steps
                .iter()
                .filter(|step| step.fingerprint == fingerprint)
                .filter(|step| step.verdict != StepVerdict::NoChangeShown)
                .map(|step| &step.identity)
                .collect();
            let of_settings = settings(past).into_values();
            panels.extend(of_settings.filter_map(|cells| panel(past, &cells, &scatters, &changed)));
        }
        panels
    }
}

/// Returns the cells of several versions by engine and its options, in the order that every figure keeps.
fn settings(past: &HostPast) -> BTreeMap<(usize, &str), Setting<'_>> {
    let mut settings: BTreeMap<(usize, &str), Setting<'_>> = BTreeMap::new();
    let has_several = |points: &[Point]| ByVersion::of(points.iter()).versions().len() > 1;
    for (identity, points) in past.in_order().into_iter().filter(|(_, points)| has_several(points))
    {
        let key = (engine_order(&identity.engine), identity.setting.as_str());
        settings.entry(key).or_default().push((identity, points));
    }
    settings
}

fn panel(
    past: &HostPast,
    cells: &Setting<'_>,
    scatters: &[HostScatter],
    changed: &BTreeSet<&CellIdentity>,
) -> Option<HistoryPanel> {
    let all = cells.iter().flat_map(|(_, points)| points.iter());
    let versions = ByVersion::of(all).versions();
    let is_ambiguous = |identity: &CellIdentity| {
        cells.iter().filter(|(other, _)| other.architecture == identity.architecture).count() > 1
    };
    let course = |(identity, points): &(&CellIdentity, &[Point])| {
        let places = places(&versions, points, scatters);
        let name =
            if is_ambiguous(identity) { identity.name() } else { identity.architecture.clone() };
        let is_changed = changed.contains(*identity);
        (places.len() > 1).then_some(Course { name, is_changed, places })
    };
    let courses: Vec<Course> = cells.iter().filter_map(course).collect();
    let (first, _) = cells.first().filter(|_| !courses.is_empty())?;
    Some(HistoryPanel {
        host: past.name.clone(),
        engine: first.engine.clone(),
        setting: first.setting.clone(),
        versions: labels(&versions),
        courses,
    })
}

/// Returns how long a cell takes with each version, relative to its first one.
fn places(versions: &[Versions], points: &[Point], scatters: &[HostScatter]) -> Vec<CoursePlace> {
    let by_version = ByVersion::of(points.iter());
    let runs: Vec<&[&Point]> = by_version.runs().collect();
    let own = by_version.versions();
    let place = |(of_version, runs_after): (&Versions, &&[&Point])| {
        let at = versions.iter().position(|one| one == of_version)?;
        let first = runs.first()?;
        let sides = Sides::of(first, runs_after);
        let time = if own.first() == Some(of_version) {
            Estimate { value: 1.0, low: 1.0, high: 1.0 }
        } else {
            sides.change(scatter_of(scatters, sides.kind)?.counted)?.ratio
        };
        Some(CoursePlace { at, time, rounds: sides.rounds[1], is_as_found: sides.is_as_found })
    };
    own.iter().zip(&runs).filter_map(place).collect()
}

/// Returns what each version is called among all of a panel: the engine's version where that changes, formbench's in
/// brackets where that does.
fn labels(versions: &[Versions]) -> Vec<String> {
    let varies =
        |what: fn(&Versions) -> &str| versions.iter().map(what).collect::<BTreeSet<_>>().len() > 1;
    let engine = varies(|one| &one.engine.version);
    let formbench = varies(|one| &one.formbench);
    let label = |one: &Versions| match (engine, formbench) {
        (false, true) => format!("({})", one.formbench),
        (true, true) => format!("{} ({})", one.engine.version, one.formbench),
        _ => one.engine.version.clone(),
    };
    versions.iter().map(label).collect()
}
