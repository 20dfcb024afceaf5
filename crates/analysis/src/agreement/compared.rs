use std::collections::BTreeMap;

use formbench_statistics::{Found, rank_correlation};
use serde::Serialize;

use super::speed_ups::{Definition, SpeedUp, speed_ups, without_contention};
use crate::Run;
use crate::number::{counted, percent, significant};

/// Fewest architectures from which a rank correlation means anything.
const LEAST_ARCHITECTURES: usize = 4;

/// How far two runs agree on the speed-ups that both have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Name of the run that is looked at.
    pub run: String,
    /// Its machine and processor.
    pub machine: String,
    /// Name of the run that it is held against.
    pub against: String,
    /// The machine and processor of that.
    pub against_machine: String,
    /// One row per comparison that both have, those that differ most first.
    pub compared: Vec<Compared>,
    /// Comparisons that only one of the two has: of the first, of the second.
    pub alone: [usize; 2],
    /// Share of the compared whose intervals overlap.
    pub share_agreeing: f64,
    /// How far apart two ratios are at most: the larger over the smaller.
    pub largest_difference: f64,
    /// One row per engine and baseline.
    pub engines: Vec<EngineAgreement>,
    /// How far apart all are in the mean.
    pub mean: MeanRatios,
}

/// One comparison in two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The architecture's label.
    pub architecture: String,
    /// Height and width of the images, pixels; none of other inputs.
    pub resolution: Option<u32>,
    /// Threads of both sides.
    pub threads: u32,
    /// Engine with its options.
    pub engine: String,
    /// What it is compared with.
    pub baseline: String,
    /// Speed-up in the run, with the ends of its 95 % interval.
    pub speed_up: [f64; 3],
    /// Speed-up in the other run.
    pub against: [f64; 3],
    /// The first over the second.
    pub ratio: f64,
    /// Whether the intervals overlap.
    pub agrees: bool,
    /// Rounds of the two.
    pub rounds: [usize; 2],
    /// What the run's speed-up would be without contention, over the other run's speed-up; none where the probe tells nothing.
    pub ratio_without_contention: Option<f64>,
    /// Whether one of the two is as found, on a busy host.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub as_found: bool,
    /// Whether the run's own is made of quiet turns.
    #[serde(skip)]
    pub is_quiet: bool,
}

/// How far two runs agree on one engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EngineAgreement {
    /// Engine with its options.
    pub engine: String,
    /// What it is compared with.
    pub baseline: String,
    /// Comparisons that both runs have.
    pub compared: usize,
    /// Those whose intervals overlap.
    pub agreeing: usize,
    /// Spearman's rank correlation of the architectures' speed-ups in the two runs; none of few.
    pub rank_correlation: Option<f64>,
    /// How far apart they are in the mean.
    pub mean: MeanRatios,
}

/// Geometric means of a run's speed-ups over another's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MeanRatios {
    /// Of all that are compared; none of nothing.
    pub all: Option<f64>,
    /// Those of the run that are made of quiet turns.
    pub quiet_count: usize,
    /// Of these; none of nothing.
    pub quiet: Option<f64>,
    /// Of what the run's would be without contention; none where the probe tells nothing.
    pub without_contention: Option<f64>,
}

impl MeanRatios {
    fn of<'a>(compared: impl Iterator<Item = &'a Compared> + Clone) -> Self {
        let quiet = compared.clone().filter(|one| one.is_quiet).map(|one| one.ratio);
        Self {
            quiet_count: quiet.clone().count(),
            quiet: geometric_mean(quiet),
            without_contention: geometric_mean(
                compared.clone().filter_map(|one| one.ratio_without_contention),
            ),
            all: geometric_mean(compared.map(|one| one.ratio)),
        }
    }
}

fn geometric_mean(ratios: impl Iterator<Item = f64>) -> Option<f64> {
    let logs: Vec<f64> = ratios.map(f64::ln).collect();
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

/// Returns how far a run agrees with another; comparisons are matched by what they are, not by key.
pub fn agreement(run: &Run, against: &Run) -> Agreement {
    let (ours, theirs) = (speed_ups(run), speed_ups(against));
    let undisturbed = without_contention(run);
    let pair = |(definition, one): (&Definition, &SpeedUp)| {
        let compared = compare(definition, one, theirs.get(definition)?);
        let without = undisturbed.get(definition).map(|value| value / compared.against[0]);
        Some(Compared { ratio_without_contention: without, ..compared })
    };
    let mut compared: Vec<Compared> = ours.iter().filter_map(pair).collect();
    compared.sort_by(|a, b| b.distance().total_cmp(&a.distance()));
    let agreeing = compared.iter().filter(|one| one.agrees).count();
    let shared = compared.len();
    Agreement {
        run: run.host.run.clone(),
        machine: machine(run),
        against: against.host.run.clone(),
        against_machine: machine(against),
        alone: [ours.len() - shared, theirs.len() - shared],
        share_agreeing: if shared == 0 { 0.0 } else { agreeing as f64 / shared as f64 },
        largest_difference: compared.first().map_or(1.0, |one| one.distance().exp()),
        engines: engines(&compared),
        mean: MeanRatios::of(compared.iter()),
        compared,
    }
}

fn machine(run: &Run) -> String {
    format!("{} ({})", run.host.host, run.host.cpu_model)
}

fn compare(definition: &Definition, one: &SpeedUp, other: &SpeedUp) -> Compared {
    let Definition { architecture, input, threads, engine, baseline, .. } = definition.clone();
    let (a, b) = (one.estimate, other.estimate);
    Compared {
        architecture,
        resolution: input.resolution,
        threads,
        engine,
        baseline,
        speed_up: [a.value, a.low, a.high],
        against: [b.value, b.low, b.high],
        ratio: a.value / b.value,
        agrees: a.low <= b.high && b.low <= a.high,
        rounds: [one.rounds, other.rounds],
        ratio_without_contention: None,
        is_quiet: one.found == Found::Quiet,
        as_found: [one, other].iter().any(|it| it.found == Found::AsFound),
    }
}

impl Agreement {
    /// Returns this in words.
    pub fn sentence(&self) -> String {
        let Self { run, machine, against, against_machine, alone, .. } = self;
        let [ours, theirs] = alone;
        let of =
            |ratio: Option<f64>| ratio.map_or_else(|| "none".to_owned(), |it| significant(it, 4));
        let MeanRatios { all, quiet_count, quiet, without_contention } = self.mean;
        format!(
            "Run {run} on {machine} against run {against} on {against_machine}: {} in both, {} of them \
             agree; the largest difference of a ratio is {} times; {ours} only in the first, {theirs} only \
             in the second. First over second, geometric means: {} of all, {} of the {quiet_count} that are of quiet turns in the \
             first, {} of what the first would be without contention.",
            counted(self.compared.len(), "speed-up"),
            percent(self.share_agreeing),
            significant(self.largest_difference, 3),
            of(all),
            of(quiet),
            of(without_contention),
        )
    }
}

impl Compared {
    /// Returns how far apart the two are, either way, as a logarithm.
    fn distance(&self) -> f64 {
        self.ratio.ln().abs()
    }
}

fn engines(compared: &[Compared]) -> Vec<EngineAgreement> {
    let mut engines = BTreeMap::<(&str, &str), Vec<&Compared>>::new();
    for one in compared {
        engines.entry((&one.baseline, &one.engine)).or_default().push(one);
    }
    let row = |((baseline, engine), of_engine): ((&str, &str), Vec<&Compared>)| {
        let pairs: Vec<(f64, f64)> =
            of_engine.iter().map(|one| (one.speed_up[0], one.against[0])).collect();
        EngineAgreement {
            engine: engine.to_string(),
            baseline: baseline.to_string(),
            compared: of_engine.len(),
            agreeing: of_engine.iter().filter(|one| one.agrees).count(),
            rank_correlation: (pairs.len() >= LEAST_ARCHITECTURES)
                .then(|| rank_correlation(&pairs))
                .flatten(),
            mean: MeanRatios::of(of_engine.iter().copied()),
        }
    };
    engines.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_geometric_and_those_of_quiet_turns_apart() {
        let one = |ratio, is_quiet, without: Option<f64>| Compared {
            architecture: "any".to_owned(),
            resolution: None,
            threads: 1,
            engine: "openvino".to_owned(),
            baseline: "pytorch".to_owned(),
            speed_up: [ratio; 3],
            against: [1.0; 3],
            ratio,
            agrees: false,
            rounds: [3, 3],
            ratio_without_contention: without,
            as_found: true,
            is_quiet,
        };
        let compared = [one(2.0, true, Some(1.0)), one(8.0, false, Some(4.0))];
        let MeanRatios { all, quiet_count, quiet, without_contention } =
            MeanRatios::of(compared.iter());
        assert_eq!((all, quiet_count), (Some(4.0), 1));
        assert!((quiet.unwrap() - 2.0).abs() < 1e-12);
        assert!((without_contention.unwrap() - 2.0).abs() < 1e-12);
        assert_eq!(MeanRatios::of([].iter()), MeanRatios::default());
    }
}
