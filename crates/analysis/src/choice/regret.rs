//! What a choice for one engine, or number of threads, costs on another.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{AccuracyPoint, Candidate, front};
use crate::number::counted;

/// How much longer inferences take on one engine with networks chosen for another, or on as many threads as they were not
/// chosen for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regret {
    /// Engine that networks are chosen for, and its threads where candidates have several numbers of them.
    pub chosen_for: String,
    /// Likewise what they are run on.
    pub run_on: String,
    /// What [`regret`] returns.
    pub times_as_long: f64,
}

/// Returns the regret of each pair of engines, one with itself too, by their names; of each pair of engine and threads where
/// candidates have several numbers of threads.
pub fn regrets(candidates: &[Candidate]) -> Vec<Regret> {
    let threads: BTreeSet<u32> = candidates.iter().map(|one| one.threads).collect();
    let label = |one: &Candidate| match threads.len() {
        0 | 1 => one.engine.clone(),
        _ => format!("{}, {}", one.engine, counted(one.threads as usize, "thread")),
    };
    let mut points: BTreeMap<String, Vec<AccuracyPoint<'_>>> = BTreeMap::new();
    for one in candidates {
        points.entry(label(one)).or_default().push(one.point());
    }
    let pairs = points.iter().flat_map(|chosen| points.iter().map(move |run| (chosen, run)));
    pairs
        .filter_map(|((chosen_for, chosen), (run_on, run))| {
            let times_as_long = regret(chosen, run)?;
            let (chosen_for, run_on) = (chosen_for.clone(), run_on.clone());
            Some(Regret { chosen_for, run_on, times_as_long })
        })
        .collect()
}

/// Returns how many times as long as needed inferences take that are run elsewhere than where their network was
/// chosen: for each network on the front of `chosen_for`, its latency among `run_on` over that of the fastest there that is
/// as accurate; the geometric mean, at least 1. Networks that one of the two lacks are in neither. Nothing if none is in both.
pub fn regret(chosen_for: &[AccuracyPoint<'_>], run_on: &[AccuracyPoint<'_>]) -> Option<f64> {
    let chosen_for = among(chosen_for, run_on);
    let run_on = among(run_on, &chosen_for);
    let ratios: Vec<f64> = front(&chosen_for)
        .into_iter()
        .filter_map(|at| {
            let chosen = &chosen_for[at];
            let taken = run_on.iter().find(|one| one.network == chosen.network)?.latency_ms;
            let as_accurate = run_on.iter().filter(|one| one.top1_percent >= chosen.top1_percent);
            Some(taken / as_accurate.map(|one| one.latency_ms).reduce(f64::min)?)
        })
        .collect();
    let logarithms: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| (logarithms / ratios.len() as f64).exp())
}

/// Returns the points whose networks others have too.
fn among<'a>(points: &[AccuracyPoint<'a>], others: &[AccuracyPoint<'_>]) -> Vec<AccuracyPoint<'a>> {
    let is_there =
        |one: &&AccuracyPoint<'_>| others.iter().any(|other| other.network == one.network);
    points.iter().filter(is_there).copied().collect()
}
