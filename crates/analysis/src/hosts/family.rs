use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::quantile;
use formbench_store::CellRow;
use serde::Serialize;

use super::agreement::{HostOrder, orders};
use super::comparison::{HostSpeedUp, VersionedComparison};
use super::parts::HostParts;
use crate::order::engine_order;
use crate::usual_inputs::UsualInputs;

/// Speed-ups over one baseline, of one version, on one number of threads: what can be compared across engines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostFamily {
    /// The baseline, with its version if others were measured too.
    pub baseline: String,
    /// Threads of both sides.
    pub threads: u32,
    /// The engines, each with its version if others of it were measured too, in the order of every figure.
    pub engines: Vec<String>,
    /// Versions of formbench that measured what several hosts have.
    pub harness_versions: BTreeSet<String>,
    /// Hosts that have any of its speed-ups, by their place among all.
    pub hosts: Vec<usize>,
    /// Architectures and engines that several hosts have: by the geometric mean over engines of the median over hosts,
    /// the architecture that gains most first, then by engine.
    pub spreads: Vec<HostSpread>,
    /// Speed-ups that only one host has.
    pub alone: usize,
    /// How far hosts agree, by engine.
    pub orders: Vec<HostOrder>,
    /// What the variance of the logarithm is made of; nothing where hosts and architectures share too little.
    pub parts: Option<HostParts>,
}

/// One architecture on one engine, host by host.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostSpread {
    /// Label of the architecture, with its input where that is not the usual one.
    pub architecture: String,
    /// Label of the engine.
    pub engine: String,
    /// Median over hosts.
    pub median: f64,
    /// What a tenth of the hosts do not reach, and what nine tenths do not exceed.
    pub tenths: [f64; 2],
    /// Least and largest.
    pub range: [f64; 2],
    /// The speed-ups, by host.
    pub of_hosts: Vec<PlacedSpeedUp>,
}

/// A speed-up and the host that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PlacedSpeedUp {
    /// Place of the host among all.
    pub host: usize,
    /// The speed-up.
    #[serde(flatten)]
    pub speed_up: HostSpeedUp,
}

impl HostFamily {
    /// Returns what all its speed-ups share, such as `over pytorch, 1 thread`.
    pub fn title(&self) -> String {
        let threads = if self.threads == 1 { "thread" } else { "threads" };
        format!("over {}, {} {threads}", self.baseline, self.threads)
    }

    /// Returns the architectures that several hosts have, in the order of the spreads.
    pub fn architectures(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for spread in &self.spreads {
            if names.last() != Some(&spread.architecture.as_str()) {
                names.push(&spread.architecture);
            }
        }
        names
    }
}

/// What was measured of one comparison.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub(super) of_hosts: OfHosts,
    /// Versions of formbench that measured it.
    pub(super) harnesses: BTreeSet<String>,
}

/// Speed-ups by host, of one comparison.
type OfHosts = Vec<(usize, HostSpeedUp)>;

/// Speed-ups by architecture and engine, both as labels.
pub(super) type OfCells<'a> = BTreeMap<(&'a str, &'a str), &'a OfHosts>;

/// Returns the families, those whose speed-ups hosts share most first. `placed` has the speed-ups of each comparison, by its
/// number.
pub(super) fn families(
    comparisons: BTreeMap<VersionedComparison, usize>,
    mut placed: Vec<Measured>,
) -> Vec<HostFamily> {
    let versions = Versions::of(comparisons.keys());
    let mut families: BTreeMap<(String, u32), Vec<(VersionedComparison, Measured)>> =
        BTreeMap::new();
    for (comparison, number) in comparisons {
        let measured = std::mem::take(&mut placed[number]);
        let key = (versions.baseline(&comparison), comparison.definition.threads);
        families.entry(key).or_default().push((comparison, measured));
    }
    let family = |((baseline, threads), members): ((String, u32), Vec<_>)| {
        family(baseline, threads, &members, &versions)
    };
    let mut families: Vec<HostFamily> = families.into_iter().map(family).collect();
    families.sort_by_key(|family| {
        Reverse(family.spreads.iter().map(|spread| spread.of_hosts.len()).sum::<usize>())
    });
    families
}

fn family(
    baseline: String,
    threads: u32,
    members: &[(VersionedComparison, Measured)],
    versions: &Versions,
) -> HostFamily {
    let names = ArchitectureNames::of(members.iter().map(|(comparison, _)| comparison));
    let labelled: Vec<(String, String, &OfHosts)> = members
        .iter()
        .map(|(comparison, measured)| {
            (names.label(comparison), versions.engine(comparison), &measured.of_hosts)
        })
        .collect();
    let cells: OfCells<'_> = labelled
        .iter()
        .map(|(architecture, engine, of_hosts)| {
            ((architecture.as_str(), engine.as_str()), *of_hosts)
        })
        .collect();
    let hosts: BTreeSet<usize> =
        cells.values().flat_map(|of_hosts| of_hosts.iter().map(|(host, _)| *host)).collect();
    let mut engines: Vec<&str> =
        cells.keys().map(|(_, engine)| *engine).collect::<BTreeSet<_>>().into_iter().collect();
    engines.sort_by_key(|engine| (place(engine), *engine));
    let shared = members.iter().filter(|(_, measured)| measured.of_hosts.len() > 1);
    HostFamily {
        baseline,
        threads,
        harness_versions: shared.flat_map(|(_, measured)| measured.harnesses.clone()).collect(),
        hosts: hosts.iter().copied().collect(),
        spreads: spreads(&cells, &engines),
        alone: cells.values().filter(|of_hosts| of_hosts.len() == 1).count(),
        orders: orders(&cells, &engines),
        parts: HostParts::of(&cells, &engines),
        engines: engines.into_iter().map(str::to_string).collect(),
    }
}

/// Returns the place of an engine in the order of every figure, whatever its options and its version.
fn place(label: &str) -> usize {
    engine_order(label.split(['{', ' ']).next().unwrap_or_default())
}

/// Returns what several hosts have, sorted.
fn spreads(cells: &OfCells<'_>, engines: &[&str]) -> Vec<HostSpread> {
    let several = cells.iter().filter(|(_, of_hosts)| of_hosts.len() > 1);
    let mut spreads: Vec<HostSpread> = several
        .map(|((architecture, engine), of_hosts)| HostSpread::of(architecture, engine, of_hosts))
        .collect();
    let mut logs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for spread in &spreads {
        logs.entry(spread.architecture.clone()).or_default().push(spread.median.ln());
    }
    let gain = |spread: &HostSpread| {
        let logs = &logs[&spread.architecture];
        logs.iter().sum::<f64>() / logs.len() as f64
    };
    let rank = |spread: &HostSpread| engines.iter().position(|engine| *engine == spread.engine);
    spreads.sort_by(|one, other| {
        let by_gain = gain(other).total_cmp(&gain(one));
        by_gain
            .then_with(|| one.architecture.cmp(&other.architecture))
            .then_with(|| rank(one).cmp(&rank(other)))
    });
    spreads
}

impl HostSpread {
    fn of(architecture: &str, engine: &str, of_hosts: &OfHosts) -> Self {
        let mut logs: Vec<f64> = of_hosts.iter().map(|(_, speed_up)| speed_up.value.ln()).collect();
        logs.sort_unstable_by(f64::total_cmp);
        let at = |q| quantile(&logs, q).unwrap_or_default().exp();
        let placed = |(host, speed_up): &(usize, HostSpeedUp)| PlacedSpeedUp {
            host: *host,
            speed_up: *speed_up,
        };
        Self {
            architecture: architecture.to_string(),
            engine: engine.to_string(),
            median: at(0.5),
            tenths: [at(0.1), at(0.9)],
            range: [at(0.0), at(1.0)],
            of_hosts: of_hosts.iter().map(placed).collect(),
        }
    }
}

/// Which versions of engines there are, by label.
struct Versions(BTreeMap<String, BTreeSet<String>>);

impl Versions {
    fn of<'a>(comparisons: impl Iterator<Item = &'a VersionedComparison>) -> Self {
        let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for VersionedComparison { definition, baseline_version, engine_version } in comparisons {
            let sides =
                [(&definition.baseline, baseline_version), (&definition.engine, engine_version)];
            for (label, version) in sides {
                versions.entry(label.clone()).or_default().insert(version.clone());
            }
        }
        Self(versions)
    }

    fn engine(&self, comparison: &VersionedComparison) -> String {
        self.label(&comparison.definition.engine, &comparison.engine_version)
    }

    fn baseline(&self, comparison: &VersionedComparison) -> String {
        self.label(&comparison.definition.baseline, &comparison.baseline_version)
    }

    /// Returns an engine's label, with its version where there are others.
    fn label(&self, label: &str, version: &str) -> String {
        let has_others = self.0.get(label).is_some_and(|versions| versions.len() > 1);
        if has_others { format!("{label} {version}") } else { label.to_string() }
    }
}

/// What architectures are called: with inputs and seeds only where these are not the usual ones.
struct ArchitectureNames {
    inputs: UsualInputs,
    seeds: [u64; 2],
}

impl ArchitectureNames {
    fn of<'a>(comparisons: impl Iterator<Item = &'a VersionedComparison> + Clone) -> Self {
        let cells: Vec<CellRow> = comparisons.clone().map(given).collect();
        let mut counts: BTreeMap<[u64; 2], usize> = BTreeMap::new();
        for comparison in comparisons {
            *counts.entry(comparison.definition.seeds).or_default() += 1;
        }
        let usual = counts.iter().max_by_key(|(seeds, count)| (**count, Reverse(**seeds)));
        Self {
            inputs: UsualInputs::of(cells.iter()),
            seeds: usual.map(|(seeds, _)| *seeds).unwrap_or_default(),
        }
    }

    fn label(&self, comparison: &VersionedComparison) -> String {
        let definition = &comparison.definition;
        let label = self.inputs.label(&definition.architecture, &given(comparison));
        match definition.seeds {
            seeds if seeds == self.seeds => label,
            [input, weights] => format!("{label}, input seed {input}, weights seed {weights}"),
        }
    }
}

/// Returns a cell that is given what a comparison's cells are.
fn given(comparison: &VersionedComparison) -> CellRow {
    let input = comparison.definition.input.clone();
    let (batch, resolution, inputs) = (input.batch, input.resolution, input.inputs);
    CellRow { batch, resolution, inputs, ..CellRow::default() }
}
