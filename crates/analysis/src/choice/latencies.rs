//! Latencies that others published, beside those of a run.

use formbench_statistics::{Bootstrap, rank_correlation};
use formbench_store::{CellKind, CellRow};
use serde::Deserialize;

use crate::number::{counted, fixed};
use crate::{Rounds, View};

/// Latencies of PyTorch on a processor, as timm publishes them.
const PUBLISHED: &str = include_str!("latencies.csv");
/// Where they are from.
const TABLE: &str = "timm\u{2019}s table benchmark-infer-fp32-nchw-pt240-cpu-i9_10940x-dynamo (PyTorch 2.4, compiled, all \
                     threads of another processor)";
/// The engine that they are of.
const ENGINE: &str = "pytorch";
/// Fewest networks that a correlation is stated of.
const LEAST_NETWORKS: usize = 10;

#[derive(Deserialize)]
struct PublishedLatency {
    network: String,
    resolution: u32,
    ms: f64,
}

/// Returns how PyTorch's latencies of networks rank beside those that somebody else published, in a sentence; nothing of few
/// networks. Of several numbers of threads, the least counts.
pub fn beside_published(view: &View<'_>, cells: &[&CellRow]) -> Option<String> {
    let plain = cells.iter().copied().filter(|cell| {
        cell.kind == CellKind::Network
            && cell.engine == ENGINE
            && cell.options == "{}"
            && cell.batch == Some(1)
    });
    let threads = plain.clone().map(|cell| cell.threads).min()?;
    let published = published();
    let pair = |cell: &CellRow| {
        let is_it = |one: &&PublishedLatency| {
            one.network == cell.name && Some(one.resolution) == cell.resolution
        };
        let theirs = published.iter().find(is_it)?.ms;
        let rounds = Rounds::of(view.run, &cell.cell);
        Some((Bootstrap::latency_alone(&rounds.medians_ns)?, theirs))
    };
    let pairs: Vec<(f64, f64)> =
        plain.filter(|cell| cell.threads == threads).filter_map(pair).collect();
    let correlation = rank_correlation(&pairs).filter(|_| pairs.len() >= LEAST_NETWORKS)?;
    Some(format!(
        "PyTorch\u{2019}s latencies ({}) have a rank correlation of {} with those of {TABLE}, over {} networks",
        counted(threads as usize, "thread"),
        fixed(correlation, 2),
        pairs.len(),
    ))
}

fn published() -> Vec<PublishedLatency> {
    let mut reader = csv::Reader::from_reader(PUBLISHED.as_bytes());
    reader.deserialize().filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_latency_is_read() {
        assert_eq!(published().len(), PUBLISHED.lines().count() - 1);
        assert!(published().iter().all(|one| one.ms > 1.0 && one.resolution >= 224));
    }
}
