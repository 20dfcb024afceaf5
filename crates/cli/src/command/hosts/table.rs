//! Hosts side by side in the terminal: who they are, how far pairs agree, what makes speed-ups differ.

use anyhow::Result;
use formbench_analysis::hosts::{
    HostFacts, HostFamily, HostOrder, HostPart, HostParts, LEAST_HOSTS_FOR_INTERVALS,
    MOST_HOSTS_WITH_INTERVALS, SideBySide,
};
use formbench_analysis::number::{counted, fixed, percent, significant};
use formbench_analysis::text::capital;

use crate::output;

/// Hosts that are printed at most.
const MOST_HOSTS: usize = 40;

/// Prints the hosts, and for each baseline the pairs and the parts of the variance.
///
/// # Errors
/// stdout cannot be written.
pub fn print(found: &SideBySide) -> Result<()> {
    hosts(&found.hosts)?;
    if found.has_several_harnesses() {
        output::text(
            "\nversions of formbench differ between these runs, and measure differently: what differs between hosts may be \
             that",
        )?;
    }
    let shared = found.families.iter().filter(|family| !family.spreads.is_empty());
    for family in shared.clone() {
        let spreads = counted(family.spreads.len(), "comparison");
        let title = capital(&family.title());
        output::text(&format!(
            "\n{title}: several hosts have {spreads} of {}",
            counted(family.architectures().len(), "architecture")
        ))?;
        agreement(found, family)?;
        family.parts.iter().try_for_each(parts)?;
    }
    if shared.count() == 0 {
        output::text(
            "\nno two hosts share a comparison: measure the same experiments on another one",
        )?;
    }
    Ok(())
}

fn hosts(hosts: &[HostFacts]) -> Result<()> {
    let row = |host: &HostFacts| {
        let counts = [host.runs.len(), host.cells, host.speed_ups].map(|count| count.to_string());
        let [runs, cells, speed_ups] = counts;
        let engines = host.engines().join(", ");
        let name = host.host.clone();
        [name, host.cpu_model.clone(), runs, cells, speed_ups, host.harness(), engines]
    };
    output::table(
        ["host", "processor", "runs", "cells", "speed-ups", "formbench", "engines"],
        hosts.iter().take(MOST_HOSTS).map(row),
    )?;
    match hosts.len().checked_sub(MOST_HOSTS) {
        None | Some(0) => Ok(()),
        Some(more) => output::text(&format!("and {}; `--json` has all", counted(more, "host"))),
    }
}

fn agreement(found: &SideBySide, family: &HostFamily) -> Result<()> {
    let orders = family.orders.iter().filter(|order| !order.pairs.is_empty());
    if orders.clone().count() == 0 {
        return Ok(());
    }
    output::text("\n")?;
    if family.hosts.len() > MOST_HOSTS_WITH_INTERVALS {
        return output::table(
            ["engine", "pairs", "looked at", "median rank correlation", "10 %", "90 %"],
            orders.filter_map(of_many),
        );
    }
    output::table(
        ["engine", "host", "host", "architectures", "rank correlation"],
        orders.flat_map(|order| of_few(found, order)),
    )
}

fn of_many(order: &HostOrder) -> Option<[String; 6]> {
    let [median, low, high] = order.middle()?.map(|value| fixed(value, 2));
    let [all, looked_at] = [order.all_pairs, order.looked_at].map(|count| count.to_string());
    Some([order.engine.clone(), all, looked_at, median, low, high])
}

fn of_few(found: &SideBySide, order: &HostOrder) -> Vec<[String; 5]> {
    let row = |pair: &formbench_analysis::hosts::HostPair| {
        let [one, other] = pair.hosts.map(|host| found.hosts[host].host.clone());
        let interval = pair.interval.map_or_else(String::new, |ends| {
            let [low, high] = ends.map(|end| fixed(end, 2));
            format!(" [{low}, {high}]")
        });
        let correlation = fixed(pair.correlation, 2) + &interval;
        [order.engine.clone(), one, other, pair.compared.to_string(), correlation]
    };
    order.pairs.iter().map(row).collect()
}

fn parts(parts: &HostParts) -> Result<()> {
    let alone = if parts.has_intervals {
        String::new()
    } else {
        format!("; a description of these hosts: intervals need {LEAST_HOSTS_FOR_INTERVALS}")
    };
    output::text(&format!("\nvariance of log speed-up over {}{alone}", parts.extent()))?;
    output::table(
        ["part", "share", "variance", "as a factor"],
        parts.parts.iter().map(|one| part(one, parts.has_intervals)),
    )?;
    match parts.below_nothing() {
        below if below.is_empty() => Ok(()),
        below => output::text(&format!("below 0 by chance, taken for 0: {}", below.join("; "))),
    }
}

fn part(one: &HostPart, has_intervals: bool) -> [String; 4] {
    let ends = |[value, low, high]: [String; 3]| {
        if has_intervals { format!("{value} [{low}, {high}]") } else { value }
    };
    [
        one.part.clone(),
        ends(one.share.map(percent)),
        ends(one.variance.map(|variance| significant(variance, 3))),
        format!("×{}", significant(one.factor, 3)),
    ]
}
