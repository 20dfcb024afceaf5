//! The numbers of a family as tables.

use formbench_analysis::hosts::{
    HostFamily, HostOrder, HostPair, HostPart, HostParts, HostSpread, LEAST_HOSTS_FOR_INTERVALS,
    MOST_HOSTS_WITH_INTERVALS, PlacedSpeedUp, SideBySide,
};
use formbench_analysis::number::{alike, counted, fixed, percent, significant};

use crate::markdown::cell_text;
use crate::theme::MOST_HOSTS;

/// Returns how far hosts agree: a row per pair and engine; of many hosts a row per engine.
pub(super) fn agreement(of: &SideBySide, family: &HostFamily) -> String {
    let orders: Vec<&HostOrder> =
        family.orders.iter().filter(|order| !order.pairs.is_empty()).collect();
    if orders.is_empty() {
        return String::new();
    }
    if family.hosts.len() > MOST_HOSTS_WITH_INTERVALS {
        let rows: String = orders.iter().filter_map(|order| middle(order)).collect();
        return format!(
            "\n**Rank correlations of pairs of hosts**\n\n| engine | pairs | looked at | median | 10 % | 90 % |\n\
             |---|--:|--:|--:|--:|--:|\n{rows}"
        );
    }
    let rows: String = orders
        .iter()
        .flat_map(|order| order.pairs.iter().map(move |one| pair(of, order, one)))
        .collect();
    let head = "| engine | host | host | architectures | rank correlation |\n|---|---|---|--:|--:|";
    format!(
        "\n<details><summary>Rank correlations of pairs of hosts</summary>\n\n{head}\n{rows}\n</details>\n"
    )
}

fn middle(order: &HostOrder) -> Option<String> {
    let [median, low, high] = order.middle()?.map(|value| fixed(value, 2));
    let engine = cell_text(&order.engine);
    Some(format!(
        "| {engine} | {} | {} | {median} | {low} | {high} |\n",
        order.all_pairs, order.looked_at
    ))
}

fn pair(of: &SideBySide, order: &HostOrder, one: &HostPair) -> String {
    let [first, second] = one.hosts.map(|host| cell_text(&of.hosts[host].host));
    let interval = one.interval.map_or_else(String::new, |ends| {
        let [low, high] = ends.map(|end| fixed(end, 2));
        format!(" [{low}, {high}]")
    });
    format!(
        "| {} | {first} | {second} | {} | {}{interval} |\n",
        cell_text(&order.engine),
        one.compared,
        fixed(one.correlation, 2)
    )
}

/// Returns the parts of the variance, and what was split.
pub(super) fn parts(of: &SideBySide, family: &HostFamily) -> String {
    let Some(parts) = &family.parts else { return String::new() };
    let rows: String = parts.parts.iter().map(|one| part(one, parts.has_intervals)).collect();
    format!(
        "\n**Parts of the variance of the logarithm of the speed-up**, where every architecture was measured on every engine \
         of every host: {}{}.{}{}\n\n| part | share | variance | a standard deviation as a factor | degrees of freedom |\n\
         |---|--:|--:|--:|--:|\n{rows}",
        parts.extent(),
        chosen(of, parts),
        intervals(parts),
        below_nothing(parts),
    )
}

/// Returns the hosts that were chosen, if not all were.
fn chosen(of: &SideBySide, parts: &HostParts) -> String {
    if parts.hosts.len() == parts.of[2] || parts.hosts.len() > MOST_HOSTS {
        return String::new();
    }
    let names: Vec<String> =
        parts.hosts.iter().map(|host| cell_text(&of.hosts[*host].host)).collect();
    format!("; hosts: {}", names.join(", "))
}

fn intervals(parts: &HostParts) -> String {
    if parts.has_intervals {
        return String::new();
    }
    format!(
        " This describes these hosts alone: intervals need {LEAST_HOSTS_FOR_INTERVALS} hosts at least."
    )
}

fn below_nothing(parts: &HostParts) -> String {
    let below = parts.below_nothing();
    if below.is_empty() {
        return String::new();
    }
    format!(" Below 0 by chance, and taken for 0: {}.", below.join("; "))
}

fn part(one: &HostPart, has_intervals: bool) -> String {
    let ends = |texts: [String; 3]| {
        let [value, low, high] = texts;
        if has_intervals { format!("{value} [{low}, {high}]") } else { value }
    };
    let share = ends(one.share.map(percent));
    let variance = ends(one.variance.map(|value| significant(value, 3)));
    let freedom = if one.freedom == 0 { String::new() } else { one.freedom.to_string() };
    format!(
        "| {} | {share} | {variance} | {} | {freedom} |\n",
        one.part,
        significant(one.factor, 3)
    )
}

/// Returns every speed-up that several hosts have; of many hosts what is in the middle and at the ends.
pub(super) fn speed_ups(of: &SideBySide, family: &HostFamily) -> String {
    let is_crowded = family.hosts.len() > MOST_HOSTS;
    let heads = if is_crowded {
        ["median", "10 %", "90 %", "least", "largest", "hosts"].map(str::to_string).to_vec()
    } else {
        family.hosts.iter().map(|host| cell_text(&of.hosts[*host].host)).collect()
    };
    let row = |spread: &HostSpread| {
        let cells = if is_crowded { summed_up(spread) } else { by_host(spread, &family.hosts) };
        let [architecture, engine] =
            [&spread.architecture, &spread.engine].map(|text| cell_text(text));
        format!("| {architecture} | {engine} | {} |\n", cells.join(" | "))
    };
    let rows: String = family.spreads.iter().map(row).collect();
    let rules = "--:|".repeat(heads.len());
    let alone = match family.alone {
        0 => String::new(),
        alone => format!("; {} of one host alone left out", counted(alone, "speed-up")),
    };
    format!(
        "\n<details><summary>The numbers: {}; in brackets 95 % intervals, in parentheses what deserves doubt{alone}\
         </summary>\n\n| architecture | engine | {} |\n|---|---|{rules}\n{rows}\n</details>\n",
        counted(family.spreads.len(), "row"),
        heads.join(" | "),
    )
}

fn by_host(spread: &HostSpread, hosts: &[usize]) -> Vec<String> {
    let text = |placed: &PlacedSpeedUp| {
        let one = placed.speed_up;
        let [value, low, high] = alike([one.value, one.low, one.high], 3);
        let text = format!("{value} [{low}, {high}]");
        if one.is_doubtful() { format!("({text})") } else { text }
    };
    let of_host = |host: &usize| spread.of_hosts.iter().find(|placed| placed.host == *host);
    hosts.iter().map(|host| of_host(host).map_or_else(String::new, text)).collect()
}

fn summed_up(spread: &HostSpread) -> Vec<String> {
    let HostSpread { median, tenths: [low, high], range: [least, most], .. } = *spread;
    let numbers = [median, low, high, least, most].map(|value| significant(value, 3));
    numbers.into_iter().chain([spread.of_hosts.len().to_string()]).collect()
}
