//! Do hosts order the architectures alike? One square per engine, a cell per pair of hosts: Spearman's rank correlation of
//! their speed-ups; of many hosts, how often correlations are how high.
//! Reads: speed-ups of several runs. Cells: correlation, shaded by it.

use std::collections::BTreeSet;

use formbench_analysis::hosts::{HostFamily, HostOrder, HostPair, MOST_HOSTS_IN_PAIRS, SideBySide};
use formbench_analysis::number::{counted, fixed, grouped};

use super::{HostFigure, harnesses};
use crate::canvas::Canvas;
use crate::plot::{Bins, Matrix, MatrixCell, bins, matrices};
use crate::theme::engine_marker;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: HostFigure = HostFigure { table, draw };

/// Everything the figure says but its numbers, which the family has.
fn table(family: &HostFamily) -> FigureTable {
    let orders = orders(family);
    let pairs: usize = orders.iter().map(|order| order.pairs.len()).sum();
    let looked_at: usize = orders.iter().map(|order| order.looked_at).sum();
    let all: usize = orders.iter().map(|order| order.all_pairs).sum();
    let hosts = counted(hosts(&orders).len(), "host");
    let drawn = if looked_at < all {
        format!(", evenly spread over {}", grouped(all))
    } else {
        String::new()
    };
    let caption = format!(
        "{hosts}; over engines, {} of {} have five architectures in common at least{drawn}{}",
        grouped(pairs),
        counted(looked_at, "pair"),
        harnesses(family)
    );
    let table = super::table(
        "agreement-of-hosts",
        "Do hosts order the architectures alike?",
        &caption,
        "Spearman\u{2019}s rank correlation of the speed-ups that two hosts have in common; brackets: 95 % interval of a \
         bootstrap over architectures.",
    );
    let none = "no two hosts have five architectures in common on an engine".to_string();
    table.omitted_if(orders.is_empty().then_some(none))
}

/// Draws the family; computes nothing.
fn draw(of: &SideBySide, family: &HostFamily, table: &FigureTable) -> Result<Canvas, ReportError> {
    let orders = orders(family);
    let hosts = hosts(&orders);
    if hosts.len() > MOST_HOSTS_IN_PAIRS {
        let lowest = orders.iter().filter_map(|order| order.lowest()).fold(0.9, f64::min);
        // A tenth that all are above.
        let from = ((10.0 * lowest).floor() / 10.0).max(-1.0);
        let shown: Vec<Bins> = orders.iter().filter_map(|order| of_many(order, from)).collect();
        let subtitle = format!(
            "Share of the pairs of hosts in percent by their rank correlation, {}; line: median",
            family.title()
        );
        return bins(table, &subtitle, "rank correlation of two hosts", &shown);
    }
    let names: Vec<String> = hosts.iter().map(|host| of.hosts[*host].host.clone()).collect();
    let shown: Vec<Matrix> = orders.iter().map(|order| of_few(order, &hosts)).collect();
    let subtitle = format!(
        "Below the diagonal: rank correlation of speed-ups {}; above: architectures in common",
        family.title()
    );
    matrices(table, &subtitle, &names, &shown)
}

/// Returns the engines on which some pair has enough in common.
fn orders(family: &HostFamily) -> Vec<&HostOrder> {
    family.orders.iter().filter(|order| !order.pairs.is_empty()).collect()
}

/// Returns the hosts of some pair.
fn hosts(orders: &[&HostOrder]) -> Vec<usize> {
    let pairs = orders.iter().flat_map(|order| &order.pairs);
    pairs.flat_map(|pair| pair.hosts).collect::<BTreeSet<_>>().into_iter().collect()
}

fn of_few(order: &HostOrder, hosts: &[usize]) -> Matrix {
    let cells = order.pairs.iter().flat_map(|pair| {
        let [one, other] = pair.hosts.map(|host| hosts.partition_point(|before| *before < host));
        [correlation(pair, [other, one]), count(pair, [one, other])]
    });
    Matrix { name: order.engine.clone(), cells: cells.collect() }
}

fn correlation(pair: &HostPair, [row, column]: [usize; 2]) -> MatrixCell {
    let note = pair
        .interval
        .map_or_else(String::new, |ends| ends.map(|end| fixed(end, 2)).join("\u{2013}"));
    let (text, shade) = (fixed(pair.correlation, 2), Some(pair.correlation));
    MatrixCell { row, column, text, note, shade }
}

fn count(pair: &HostPair, [row, column]: [usize; 2]) -> MatrixCell {
    let text = pair.compared.to_string();
    MatrixCell { row, column, text, note: String::new(), shade: None }
}

fn of_many(order: &HostOrder, from: f64) -> Option<Bins> {
    let engine = order.engine.split(['{', ' ']).next().unwrap_or_default();
    let all = order.pairs.len() as f64;
    let share = |(ends, count): ([f64; 2], usize)| (ends, 100.0 * count as f64 / all);
    let [middle, ..] = order.middle()?;
    Some(Bins {
        name: order.engine.clone(),
        colour: engine_marker(engine, 0).colour,
        bins: order.bins(from).into_iter().map(share).collect(),
        middle,
    })
}
