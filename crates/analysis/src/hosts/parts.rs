use std::collections::BTreeSet;

use formbench_statistics::{CrossedTable, Estimate, VariancePart, VarianceSplit};
use serde::Serialize;

use super::block::{Block, Filled};
use super::family::OfCells;
use crate::number::counted;

/// Hosts from which the parts of the variance have intervals: fewer describe themselves alone.
pub const LEAST_HOSTS_FOR_INTERVALS: usize = 5;

/// What the factors are called, in their order.
const FACTORS: [&str; 3] = ["architecture", "engine", "host"];
/// What is called the part of measuring.
const MEASURING: &str = "error of measuring";

/// What the variance of the logarithm of a speed-up is made of, where all architectures were measured on all engines of all
/// hosts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostParts {
    /// The architectures.
    pub architectures: Vec<String>,
    /// The engines.
    pub engines: Vec<String>,
    /// The hosts, by their place among all.
    pub hosts: Vec<usize>,
    /// Speed-ups that were split.
    pub speed_ups: usize,
    /// Architectures, engines and hosts that there are, and speed-ups.
    pub of: [usize; 4],
    /// Whether parts have intervals.
    pub has_intervals: bool,
    /// The parts: single factors, what several do together, the error of measuring.
    pub parts: Vec<HostPart>,
}

/// A part of the variance of the logarithm of a speed-up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostPart {
    /// The factors that act together.
    pub part: String,
    /// Its variance, with the ends of its 95 % interval if parts have intervals.
    pub variance: [f64; 3],
    /// Its share of the sum of all parts, likewise.
    pub share: [f64; 3],
    /// By what factor speed-ups typically differ by it alone: one standard deviation.
    pub factor: f64,
    /// The variance before what is below 0 was taken for 0.
    pub moment: f64,
    /// Degrees of freedom; none of the error of measuring, which the rounds say.
    pub freedom: usize,
}

impl HostParts {
    /// Returns the parts of the largest whole part of a family; nothing if it has no two architectures on two hosts.
    pub(super) fn of(cells: &OfCells<'_>, engines: &[&str]) -> Option<Self> {
        let architectures: BTreeSet<&str> = cells.keys().map(|(name, _)| *name).collect();
        let architectures: Vec<&str> = architectures.into_iter().collect();
        let hosts: BTreeSet<usize> =
            cells.values().flat_map(|of_hosts| of_hosts.iter().map(|(host, _)| *host)).collect();
        let hosts: Vec<usize> = hosts.into_iter().collect();
        let block = filled(cells, &architectures, engines, &hosts).largest_block()?;
        let named = |levels: &[usize], names: &[&str]| -> Vec<String> {
            levels.iter().map(|at| names[*at].to_string()).collect()
        };
        let chosen: Vec<usize> = block.hosts.iter().map(|at| hosts[*at]).collect();
        let (table, error) = table(cells, &architectures, engines, (&block, &chosen))?;
        let has_intervals = chosen.len() >= LEAST_HOSTS_FOR_INTERVALS;
        let parts = if has_intervals {
            VarianceSplit::default().estimate(&table, error)
        } else {
            VarianceSplit::description(&table, error)
        };
        let speed_ups = cells.values().map(|of_hosts| of_hosts.len()).sum();
        Some(Self {
            architectures: named(&block.architectures, &architectures),
            engines: named(&block.engines, engines),
            speed_ups: block.places(),
            hosts: chosen,
            of: [architectures.len(), engines.len(), hosts.len(), speed_ups],
            has_intervals,
            parts: parts.iter().map(HostPart::of).collect(),
        })
    }

    /// Returns what was split of what there is, such as `9 of 80 architectures, 3 engines and 3 of 4 hosts (81 of
    /// 400 speed-ups)`.
    pub fn extent(&self) -> String {
        let of = |count: usize, all: usize, noun: &str| match count {
            count if count == all => counted(all, noun),
            count => format!("{count} of {}", counted(all, noun)),
        };
        let [architectures, engines, hosts, speed_ups] = self.of;
        format!(
            "{}, {} and {} ({})",
            of(self.architectures.len(), architectures, "architecture"),
            of(self.engines.len(), engines, "engine"),
            of(self.hosts.len(), hosts, "host"),
            of(self.speed_ups, speed_ups, "speed-up"),
        )
    }

    /// Returns the parts that are 0 because chance was larger.
    pub fn below_nothing(&self) -> Vec<&str> {
        let below = self.parts.iter().filter(|part| part.moment < 0.0);
        below.map(|part| part.part.as_str()).collect()
    }
}

/// Returns which places of a family have a speed-up.
fn filled(
    cells: &OfCells<'_>,
    architectures: &[&str],
    engines: &[&str],
    hosts: &[usize],
) -> Filled {
    let mut filled = Filled::new([architectures.len(), engines.len(), hosts.len()]);
    for ((architecture, engine), of_hosts) in cells {
        let at = architectures.partition_point(|other| other < architecture);
        let Some(engine) = engines.iter().position(|other| other == engine) else { continue };
        for (host, _) in of_hosts.iter() {
            filled.fill([at, engine, hosts.partition_point(|other| other < host)]);
        }
    }
    filled
}

/// Returns the logarithms of a block's speed-ups, and the mean of their variances for the error of measuring.
fn table(
    cells: &OfCells<'_>,
    architectures: &[&str],
    engines: &[&str],
    (block, hosts): (&Block, &[usize]),
) -> Option<(CrossedTable, f64)> {
    let mut logs = Vec::with_capacity(block.places());
    let mut variances = 0.0;
    for architecture in &block.architectures {
        for engine in &block.engines {
            let of_hosts = cells.get(&(architectures[*architecture], engines[*engine]))?;
            for host in hosts {
                let at = of_hosts.binary_search_by_key(host, |(other, _)| *other).ok()?;
                let (_, speed_up) = of_hosts[at];
                logs.push(speed_up.value.ln());
                variances += speed_up.log_variance;
            }
        }
    }
    let levels = [block.architectures.len(), block.engines.len(), block.hosts.len()];
    Some((CrossedTable::new(levels, logs)?, variances / block.places() as f64))
}

impl HostPart {
    fn of(part: &VariancePart) -> Self {
        let acting = FACTORS.iter().zip(part.factors).filter(|(_, acts)| *acts);
        let acting: Vec<&str> = acting.map(|(name, _)| *name).collect();
        let ends = |of: Estimate| [of.value, of.low, of.high];
        Self {
            part: if acting.is_empty() { MEASURING.to_string() } else { acting.join(" × ") },
            variance: ends(part.variance),
            share: ends(part.share),
            factor: part.variance.value.sqrt().exp(),
            moment: part.moment,
            freedom: part.freedom,
        }
    }
}
