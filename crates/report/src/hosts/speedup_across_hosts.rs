//! How much does each engine speed up each architecture, from host to host? One row per architecture, one panel per engine, a
//! mark per host; of many hosts the median, what tenths of them leave out, and the range.
//! Reads: speed-ups of several runs. Axis: ratio, logarithmic, from 1.

use std::collections::{BTreeMap, BTreeSet};

use formbench_analysis::hosts::{HostFamily, HostSpread, SideBySide};
use formbench_analysis::number::counted;
use formbench_analysis::text::capital;

use super::{HostFigure, harnesses};
use crate::canvas::Canvas;
use crate::plot::{Lane, LaneMark, Lanes, lanes};
use crate::theme::{MOST_HOSTS, MarkerStyle, engine_marker, host_marker};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: HostFigure = HostFigure { table, draw };

/// Everything the figure says but its numbers, which the family has.
fn table(family: &HostFamily) -> FigureTable {
    let hosts = hosts(family).len();
    let architectures = counted(family.architectures().len(), "architecture");
    let mark = if is_crowded(family) {
        "dot: median over hosts; band: 10 to 90 % of them; line: least to largest"
    } else {
        "whisker: 95 % interval \u{b7} hollow: fewer than 3 rounds, or a busy host"
    };
    super::table(
        "speedup-across-hosts",
        "How much does each engine speed up each architecture, from host to host?",
        &format!(
            "{architectures} that several of {} have \u{b7} {mark}{}",
            counted(hosts, "host"),
            harnesses(family)
        ),
        "Rows are sorted by the geometric mean over engines of the median over hosts. An architecture that only one host \
         has is not shown.",
    )
}

/// Draws the family; computes nothing.
fn draw(of: &SideBySide, family: &HostFamily, table: &FigureTable) -> Result<Canvas, ReportError> {
    let hosts = hosts(family);
    let is_crowded = is_crowded(family);
    let legend: Vec<(String, MarkerStyle)> = if is_crowded {
        Vec::new()
    } else {
        hosts
            .iter()
            .zip(0..)
            .map(|(host, at)| (of.hosts[*host].host.clone(), host_marker(at)))
            .collect()
    };
    let by_cell: BTreeMap<(&str, &str), &HostSpread> = family
        .spreads
        .iter()
        .map(|spread| ((spread.architecture.as_str(), spread.engine.as_str()), spread))
        .collect();
    let engines = engines(family);
    let lane = |architecture: &str, engine: &str| {
        let spread = by_cell.get(&(architecture, engine))?;
        Some(if is_crowded { band(spread) } else { marks(spread, &hosts) })
    };
    let row = |architecture: &str| {
        let shown = engines.iter().map(|engine| lane(architecture, engine)).collect();
        (architecture.to_string(), shown)
    };
    let shown = Lanes {
        panels: engines.iter().map(|engine| panel(engine)).collect(),
        rows: family.architectures().into_iter().map(row).collect(),
        slots: if is_crowded { 1 } else { hosts.len() },
    };
    let subtitle =
        capital(&format!("speed-up {}: how many times faster, logarithmic axis", family.title()));
    lanes(table, &subtitle, &legend, &shown)
}

/// Returns the hosts that have something in common with another one.
fn hosts(family: &HostFamily) -> Vec<usize> {
    let placed = family.spreads.iter().flat_map(|spread| &spread.of_hosts);
    placed.map(|one| one.host).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Returns whether there are more hosts than marks can tell apart.
fn is_crowded(family: &HostFamily) -> bool {
    hosts(family).len() > MOST_HOSTS
}

/// Returns the engines of which several hosts have something.
fn engines(family: &HostFamily) -> Vec<&str> {
    let has = |engine: &&str| family.spreads.iter().any(|spread| spread.engine == **engine);
    family.engines.iter().map(String::as_str).filter(has).collect()
}

fn panel(engine: &str) -> (String, plotters::style::RGBColor) {
    let name = engine.split(['{', ' ']).next().unwrap_or_default();
    (engine.to_string(), engine_marker(name, 0).colour)
}

fn band(spread: &HostSpread) -> Lane {
    let HostSpread { median, tenths, range, .. } = *spread;
    Lane::Band { middle: median, tenths, range }
}

fn marks(spread: &HostSpread, hosts: &[usize]) -> Lane {
    let mark = |placed: &formbench_analysis::hosts::PlacedSpeedUp| {
        let one = placed.speed_up;
        let slot = hosts.partition_point(|host| *host < placed.host);
        let look = host_marker(slot).hollow_if(one.is_doubtful());
        LaneMark { estimate: [one.value, one.low, one.high], look, slot }
    };
    Lane::Marks(spread.of_hosts.iter().map(mark).collect())
}
