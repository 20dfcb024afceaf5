//! Which network to take: accuracies that others published beside latencies that were measured here.

mod latencies;
mod regret;

use std::collections::BTreeSet;

pub use latencies::beside_published;
pub use regret::{Regret, regret, regrets};
use serde::{Deserialize, Serialize};

use crate::CellNumbers;

/// What was published of networks; nothing was trained or tested here.
const PUBLISHED: &str = include_str!("published.csv");

/// A network's published accuracy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// Registry name.
    pub network: String,
    /// Height and width of the images that it was tested on, in pixels.
    pub resolution: u32,
    /// Share of ImageNet's validation images whose class is the first answer, in percent.
    pub top1_percent: f64,
    /// How it was trained: the tag of the weights at timm or torchvision, or `paper`. Accuracies of different recipes
    /// compare recipes too.
    pub recipe: String,
    /// The recipe that it shares with others of the table, whatever tag says so; nothing of those that were trained otherwise,
    /// or ported from elsewhere.
    pub trained_alike: Option<String>,
    /// Where it was published.
    pub source: String,
}

/// Returns all published accuracies that are known, by network.
pub fn published() -> Vec<Published> {
    csv::Reader::from_reader(PUBLISHED.as_bytes())
        .into_deserialize()
        .filter_map(Result::ok)
        .collect()
}

/// Returns what was published of a network at a size of images.
pub fn published_of<'a>(
    published: &'a [Published],
    network: &str,
    resolution: Option<u32>,
) -> Option<&'a Published> {
    let is_it = |one: &&Published| one.network == network && Some(one.resolution) == resolution;
    published.iter().find(is_it)
}

/// A network on an engine with what was published of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// What was published.
    pub published: Published,
    /// Engine with its options.
    pub engine: String,
    /// Threads.
    pub threads: u32,
    /// Median latency in ms, and both ends of its 95 % interval.
    pub median_ms: [f64; 3],
    /// What nine of ten inferences do not exceed, in ms.
    pub p90_ms: Option<f64>,
    /// Largest resident memory of a worker, in MiB.
    pub peak_memory_mib: Option<f64>,
    /// Whether its latency and its speed-up are of quiet turns, or one as found.
    pub found: Option<&'static str>,
}

/// What is asked of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Requirements {
    /// Latency that may not be exceeded, in ms.
    pub latency_ms: Option<f64>,
    /// Least published accuracy, in percent.
    pub top1_percent: Option<f64>,
    /// Resident memory that may not be exceeded, in MiB.
    pub memory_mib: Option<f64>,
}

/// Whether a candidate keeps to limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithinLimits {
    /// The whole interval of its latency does.
    Yes,
    /// A part of the interval does.
    Perhaps,
    /// It does not.
    No,
}

impl Requirements {
    /// Returns whether a candidate keeps to the limits; an unknown memory does.
    pub fn kept_by(&self, candidate: &Candidate) -> WithinLimits {
        let [_, low, high] = candidate.median_ms;
        let within = |value: f64, most: Option<f64>| most.is_none_or(|most| value <= most);
        let is_accurate =
            self.top1_percent.is_none_or(|least| candidate.published.top1_percent >= least);
        let is_small = candidate.peak_memory_mib.is_none_or(|mib| within(mib, self.memory_mib));
        if !is_accurate || !is_small || !within(low, self.latency_ms) {
            WithinLimits::No
        } else if within(high, self.latency_ms) {
            WithinLimits::Yes
        } else {
            WithinLimits::Perhaps
        }
    }
}

/// Returns the networks among a run's numbers whose accuracy at the measured size is published.
pub fn candidates(lines: &[CellNumbers], published: &[Published]) -> Vec<Candidate> {
    let candidate = |line: &CellNumbers| {
        Some(Candidate {
            published: published_of(published, &line.architecture, line.resolution)?.clone(),
            engine: line.engine.clone(),
            threads: line.threads,
            median_ms: line.median_ms?,
            p90_ms: line.p90_ms,
            peak_memory_mib: line.peak_memory_mib,
            found: line.found,
        })
    };
    lines.iter().filter_map(candidate).collect()
}

/// Why there is nothing to choose from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// No network's accuracy is published.
    #[error(
        "the run has no network whose accuracy at its size is published; `make networks` measures them, and \
         `formbench choose data/networks/HOST` reads a committed run"
    )]
    NothingPublished,
    /// The run has no such engine.
    #[error("the run has no engine `{name}`; it has {known}")]
    UnknownEngine {
        /// What was asked for.
        name: String,
        /// The engines that it has.
        known: String,
    },
    /// The run has nothing on so many threads.
    #[error("the run has no such networks on {threads} threads; it has {known}")]
    OtherThreads {
        /// What was asked for.
        threads: u32,
        /// The numbers of threads that it has.
        known: String,
    },
}

/// On how many threads candidates are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// On this many.
    These(u32),
    /// On the most that there are.
    Most,
    /// On any number.
    Any,
}

/// Returns the candidates on some engines, or all without any, and on some number of threads.
///
/// # Errors
/// There are none, with what there is.
pub fn on_engines(
    all: &[Candidate],
    engines: &[String],
    threads: Threads,
) -> Result<Vec<Candidate>, ChoiceError> {
    let most = all.iter().map(|one| one.threads).max().ok_or(ChoiceError::NothingPublished)?;
    let known = |name: &dyn Fn(&Candidate) -> String| -> String {
        all.iter().map(name).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
    };
    let is_here = |name: &String| all.iter().any(|one| one.engine == *name);
    if let Some(name) = engines.iter().find(|name| !is_here(name)) {
        let (name, known) = (name.clone(), known(&|one| one.engine.clone()));
        return Err(ChoiceError::UnknownEngine { name, known });
    }
    let on_engines =
        || all.iter().filter(|one| engines.is_empty() || engines.contains(&one.engine)).cloned();
    let threads = match threads {
        Threads::Any => return Ok(on_engines().collect()),
        Threads::These(threads) => threads,
        Threads::Most => most,
    };
    let taken: Vec<Candidate> = on_engines().filter(|one| one.threads == threads).collect();
    if taken.is_empty() {
        let known = known(&|one| one.threads.to_string());
        return Err(ChoiceError::OtherThreads { threads, known });
    }
    Ok(taken)
}

/// A network's published accuracy and measured latency on one engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccuracyPoint<'a> {
    /// Its name.
    pub network: &'a str,
    /// Published accuracy in percent.
    pub top1_percent: f64,
    /// Latency in ms.
    pub latency_ms: f64,
}

impl Candidate {
    /// Returns its accuracy and latency.
    pub fn point(&self) -> AccuracyPoint<'_> {
        AccuracyPoint {
            network: &self.published.network,
            top1_percent: self.published.top1_percent,
            latency_ms: self.median_ms[0],
        }
    }
}

/// Returns the indices of the Pareto front, the fastest first: of each, no other is as accurate and as fast.
pub fn front(points: &[AccuracyPoint<'_>]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..points.len()).collect();
    sorted.sort_by(|a, b| {
        let (a, b) = (&points[*a], &points[*b]);
        let by_latency = a.latency_ms.total_cmp(&b.latency_ms);
        by_latency.then(b.top1_percent.total_cmp(&a.top1_percent))
    });
    let mut best = f64::NEG_INFINITY;
    sorted.retain(|at| {
        let is_better = points[*at].top1_percent > best;
        best = best.max(points[*at].top1_percent);
        is_better
    });
    sorted
}

/// What to take.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The most accurate within the limits, the fastest of them; none if there is none.
    pub network: Option<Candidate>,
    /// Those that keep to all limits but latency and are not beaten in both accuracy and latency, the fastest first.
    pub front: Vec<Candidate>,
}

impl Choice {
    /// Chooses among candidates.
    pub fn among(candidates: &[Candidate], limits: &Requirements) -> Self {
        // Whatever breaks a limit but the latency is no choice, so that it cannot stand before one that is.
        let others = Requirements { latency_ms: None, ..*limits };
        let is_possible = |one: &&Candidate| others.kept_by(one) == WithinLimits::Yes;
        let possible: Vec<&Candidate> = candidates.iter().filter(is_possible).collect();
        let points: Vec<AccuracyPoint<'_>> = possible.iter().map(|one| one.point()).collect();
        let front = front(&points).into_iter().map(|at| possible[at].clone()).collect();
        // Not of the front alone: the one whose interval is within a limit may lie a little behind one whose is not.
        let kept = possible.iter().filter(|one| limits.kept_by(one) == WithinLimits::Yes);
        let network = kept.max_by(|a, b| {
            let by_accuracy = a.published.top1_percent.total_cmp(&b.published.top1_percent);
            by_accuracy.then(b.median_ms[0].total_cmp(&a.median_ms[0]))
        });
        Self { network: network.map(|one| (*one).clone()), front }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(network: &str, top1_percent: f64, ms: f64) -> Candidate {
        let published = Published {
            network: network.to_owned(),
            resolution: 224,
            top1_percent,
            recipe: "paper".to_owned(),
            trained_alike: None,
            source: "nobody 2026".to_owned(),
        };
        let median_ms = [ms, 0.9 * ms, 1.1 * ms];
        let (engine, peak_memory_mib) = ("tract".to_owned(), Some(10.0 * ms));
        Candidate {
            published,
            engine,
            threads: 1,
            median_ms,
            p90_ms: None,
            peak_memory_mib,
            found: None,
        }
    }

    #[test]
    fn every_published_row_is_read_and_names_its_source() {
        let published = published();
        assert_eq!(published.len(), PUBLISHED.lines().count() - 1);
        assert!(published.len() >= 37);
        for one in &published {
            assert!((50.0..90.0).contains(&one.top1_percent), "{}", one.network);
            assert!(!one.source.is_empty() && !one.recipe.is_empty(), "{}", one.network);
        }
        assert!(published.is_sorted_by(|a, b| a.network < b.network));
    }

    fn point(network: &str, top1_percent: f64, latency_ms: f64) -> AccuracyPoint<'_> {
        AccuracyPoint { network, top1_percent, latency_ms }
    }

    #[test]
    fn the_front_has_no_network_that_another_beats_in_both() {
        let all = [
            point("slow", 70.0, 9.0),
            point("best", 80.0, 8.0),
            point("fast", 60.0, 1.0),
            point("twin", 60.0, 1.0),
            point("middle", 75.0, 4.0),
        ];
        let names: Vec<&str> = front(&all).into_iter().map(|at| all[at].network).collect();
        assert_eq!(names, ["fast", "middle", "best"]);
    }

    #[test]
    fn a_limit_within_the_interval_may_be_kept() {
        let one = candidate("one", 70.0, 10.0);
        let fit = |latency_ms| {
            Requirements { latency_ms: Some(latency_ms), ..Requirements::default() }.kept_by(&one)
        };
        assert_eq!(
            [fit(11.5), fit(10.0), fit(8.0)],
            [WithinLimits::Yes, WithinLimits::Perhaps, WithinLimits::No]
        );
        let other = |limits: Requirements| limits.kept_by(&one);
        assert_eq!(
            other(Requirements { top1_percent: Some(71.0), ..Requirements::default() }),
            WithinLimits::No
        );
        assert_eq!(
            other(Requirements { memory_mib: Some(99.0), ..Requirements::default() }),
            WithinLimits::No
        );
        assert_eq!(
            other(Requirements { memory_mib: Some(100.0), ..Requirements::default() }),
            WithinLimits::Yes
        );
    }

    #[test]
    fn regret_is_what_the_other_engine_s_own_choice_would_save() {
        let ours = [point("a", 70.0, 1.0), point("b", 80.0, 2.0)];
        // There b alone is on the front: a costs twice what b does.
        let theirs = [point("a", 70.0, 4.0), point("b", 80.0, 2.0)];
        let expected = 2.0_f64.sqrt();
        assert!((regret(&ours, &theirs).unwrap() - expected).abs() < 1e-12);
        assert_eq!(regret(&theirs, &ours), Some(1.0));
        assert_eq!(regret(&ours, &ours), Some(1.0));
        assert_eq!(regret(&ours, &[]), None);
    }
}
