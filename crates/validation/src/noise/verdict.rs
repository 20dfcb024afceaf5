//! Quiet, usable or noisy: the one place that keeps the limits and states what helps.

use serde_json::{Value, json};

use super::{Observed, Spread};

/// How good something is for measuring, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It does not show in the numbers.
    Quiet,
    /// It widens intervals; more rounds make up for it.
    Usable,
    /// Small differences drown in it.
    Noisy,
}

impl Grade {
    /// Returns the word for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Usable => "usable",
            Self::Noisy => "noisy",
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A share of 1.
    Share,
    /// Processors, or programs that want one.
    Count,
}

/// Something that is judged.
#[derive(Debug)]
pub struct Criterion {
    /// What it is, in a few words.
    pub name: &'static str,
    /// What its number counts.
    pub unit: Quantity,
    /// Below this it is quiet.
    pub quiet_below: f64,
    /// Below this it is usable.
    pub usable_below: f64,
    /// What helps where it is not quiet.
    pub advice: &'static str,
    /// Reads the number.
    pub of: fn(&Observed) -> Option<f64>,
}

/// Everything that is judged, with its limits.
pub static CRITERIA: [Criterion; 12] = [
    Criterion {
        name: "load of the minute before, per processor",
        unit: Quantity::Count,
        quiet_below: 0.25,
        usable_below: 1.0,
        advice: "something was running until now: wait a minute and look again",
        of: |seen| Some(seen.load_before? / f64::from(seen.logical_cores.max(1))),
    },
    Criterion {
        name: "processors busy with other programs",
        unit: Quantity::Count,
        quiet_below: 0.05,
        usable_below: 0.5,
        advice: "stop other programs, `top` names them; browsers, builds and indexers first",
        of: |seen| seen.change.others_cores,
    },
    Criterion {
        name: "time stolen by the hypervisor",
        unit: Quantity::Share,
        quiet_below: 0.001,
        usable_below: 0.01,
        advice: "other guests take this machine's processors: measure at another hour, on dedicated \
                 processors or on hardware of one's own",
        of: |seen| seen.change.steal,
    },
    Criterion {
        name: "time in which something waited for a processor",
        unit: Quantity::Share,
        quiet_below: 0.01,
        usable_below: 0.1,
        advice: "more wants to run than there are processors: stop other programs, or lift the \
                 processor limit of this container",
        of: |seen| seen.change.stalled[0],
    },
    Criterion {
        name: "time in which something waited for memory",
        unit: Quantity::Share,
        quiet_below: 0.001,
        usable_below: 0.01,
        advice: "memory is short: stop what holds it, or leave out the largest networks (`-a`)",
        of: |seen| seen.change.stalled[1],
    },
    Criterion {
        name: "time in which something waited for a disk",
        unit: Quantity::Share,
        quiet_below: 0.01,
        usable_below: 0.1,
        advice: "something reads or writes much: let copies, backups and updates end first",
        of: |seen| seen.change.stalled[2],
    },
    Criterion {
        name: "clock, highest over lowest",
        unit: Quantity::Share,
        quiet_below: 0.02,
        usable_below: 0.1,
        advice: "the clock wanders: plug in the charger, let the machine cool, switch boost off and \
                 choose the governor `performance`",
        of: |seen| seen.clock_khz.and_then(|[low, high]| beyond(high as f64, low as f64)),
    },
    Criterion {
        name: "equal work: quartiles' distance over median",
        unit: Quantity::Share,
        quiet_below: 0.01,
        usable_below: 0.05,
        advice: "inferences will differ as much: ask for more rounds (`rounds` in \
                 experiments/profiles.yaml) and more time (`--budget`)",
        of: |seen| share(seen, |work| work.iqr_ns / work.p50_ns),
    },
    Criterion {
        name: "equal work: 99th percentile over median",
        unit: Quantity::Share,
        quiet_below: 0.05,
        usable_below: 0.25,
        advice: "single inferences are interrupted; medians bear that, tails do not: compare no tails",
        of: |seen| share(seen, |work| work.p99_ns / work.p50_ns - 1.0),
    },
    Criterion {
        name: "equal work: slowest window over fastest",
        unit: Quantity::Share,
        quiet_below: 0.02,
        usable_below: 0.1,
        advice: "the machine's speed drifts: ratios bear that since blocks take turns, latencies of \
                 different minutes do not; ask for more rounds, each with fewer inferences",
        of: |seen| share(seen, |work| work.drift),
    },
    Criterion {
        name: "time in which a run's turns would not be quiet",
        unit: Quantity::Share,
        quiet_below: 0.2,
        // A run takes its numbers from quiet turns, of which a fifth is enough.
        usable_below: 0.8,
        advice: "others read this machine's memory: at another hour more turns are quiet; numbers \
                 without enough of them are marked *as found*",
        of: |seen| seen.contended,
    },
    Criterion {
        name: "equal work while a second thread does the same",
        unit: Quantity::Share,
        quiet_below: 0.05,
        // Siblings of one core cannot be faster, and that disturbs nothing on one thread.
        usable_below: f64::INFINITY,
        advice: "two processors share a core or a limit: measure on one thread (`--threads 1`) with \
                 nothing else running, or switch SMT siblings off (`echo off | sudo tee \
                 /sys/devices/system/cpu/smt/control`)",
        of: |seen| seen.slowed_by_second_thread,
    },
];

/// A number that was judged.
#[derive(Clone, Copy, Debug)]
pub struct NoiseFinding {
    /// What was judged.
    pub criterion: &'static Criterion,
    /// The number; absent where the host does not show it.
    pub measured: Option<f64>,
    /// The judgement.
    pub grade: Option<Grade>,
}

/// Returns what is found of each criterion, in their order.
pub fn findings(seen: &Observed) -> Vec<NoiseFinding> {
    let finding = |criterion: &'static Criterion| {
        let measured = (criterion.of)(seen);
        NoiseFinding { criterion, measured, grade: measured.map(|number| criterion.grade(number)) }
    };
    CRITERIA.iter().map(finding).collect()
}

/// Returns the worst grade; what was not seen counts for nothing.
pub fn verdict(findings: &[NoiseFinding]) -> Grade {
    findings.iter().filter_map(|finding| finding.grade).max().unwrap_or(Grade::Quiet)
}

/// Returns what would help, in the order of the findings.
pub fn advice(seen: &Observed, findings: &[NoiseFinding]) -> Vec<String> {
    let is_loud = |finding: &&NoiseFinding| finding.grade.is_some_and(|grade| grade > Grade::Quiet);
    let of_findings = findings.iter().filter(is_loud).map(|one| one.criterion.advice.to_owned());
    of_findings.chain(governor_advice(seen)).collect()
}

/// Returns what to do about the clock's governor, if another than the fastest decides.
fn governor_advice(seen: &Observed) -> Option<String> {
    let governor = seen.governor.as_deref().filter(|governor| *governor != "performance")?;
    Some(format!(
        "the governor is `{governor}`: `sudo cpupower frequency-set -g performance` keeps the clock up"
    ))
}

/// Returns what was seen and found as JSON: shares and counts, times in nanoseconds, clocks in kHz.
pub fn as_json(seen: &Observed, findings: &[NoiseFinding]) -> Value {
    let finding = |finding: &NoiseFinding| {
        json!({
            "what": finding.criterion.name,
            "unit": match finding.criterion.unit {
                Quantity::Share => "share",
                Quantity::Count => "count",
            },
            "measured": finding.measured,
            "quiet_below": finding.criterion.quiet_below,
            // Without a limit: null.
            "usable_below": finding.criterion.usable_below,
            "verdict": finding.grade.map(Grade::label),
        })
    };
    let work = seen.work.as_ref().map(|work| {
        json!({
            "p50_ns": work.p50_ns, "p99_ns": work.p99_ns, "iqr_ns": work.iqr_ns,
            "drift": work.drift,
        })
    });
    json!({
        "verdict": verdict(findings).label(),
        "seconds": seen.seconds,
        "window_s": seen.window_s,
        "logical_cores": seen.logical_cores,
        "smt_siblings": seen.has_siblings,
        "governor": seen.governor,
        "clock_khz": seen.clock_khz,
        "work": work,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "advice": advice(seen, findings),
    })
}

impl Criterion {
    fn grade(&self, number: f64) -> Grade {
        match number {
            number if number < self.quiet_below => Grade::Quiet,
            number if number < self.usable_below => Grade::Usable,
            _ => Grade::Noisy,
        }
    }
}

fn share(seen: &Observed, of: impl Fn(&Spread) -> f64) -> Option<f64> {
    seen.work.as_ref().map(of).filter(|share| share.is_finite())
}

/// Returns by how much a number exceeds another, as a share of that.
fn beyond(high: f64, low: f64) -> Option<f64> {
    (low > 0.0).then(|| high / low - 1.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use formbench_measure::host::Change;

    fn quiet() -> Observed {
        Observed {
            logical_cores: 2,
            load_before: Some(0.1),
            change: Change {
                steal: Some(0.0),
                others_cores: Some(0.01),
                stalled: [Some(0.0), None, Some(0.0)],
            },
            work: Some(Spread { p50_ns: 1e6, p99_ns: 1.01e6, iqr_ns: 2e3, drift: 0.005 }),
            ..Observed::default()
        }
    }

    /// Returns the names of what is not quiet.
    fn loud(seen: &Observed) -> Vec<(&'static str, Grade)> {
        let not_quiet = |finding: &NoiseFinding| {
            let grade = finding.grade.filter(|grade| *grade != Grade::Quiet)?;
            Some((finding.criterion.name, grade))
        };
        findings(seen).iter().filter_map(not_quiet).collect()
    }

    #[test]
    fn a_host_without_disturbance_is_quiet() {
        assert_eq!(loud(&quiet()), []);
        assert_eq!(verdict(&findings(&quiet())), Grade::Quiet);
    }

    #[test]
    fn one_noisy_finding_makes_a_host_noisy() {
        let mut seen = quiet();
        seen.change.steal = Some(0.03);
        assert_eq!(loud(&seen), [("time stolen by the hypervisor", Grade::Noisy)]);
        assert_eq!(verdict(&findings(&seen)), Grade::Noisy);
    }

    #[test]
    fn load_counts_per_processor() {
        // 0.8 on two processors are 0.4: not quiet, and less than one each.
        let seen = Observed { load_before: Some(0.8), ..quiet() };
        assert_eq!(loud(&seen), [("load of the minute before, per processor", Grade::Usable)]);
    }

    #[test]
    fn a_shared_core_is_usable_however_much_it_costs() {
        let seen = Observed { slowed_by_second_thread: Some(1.9), ..quiet() };
        assert_eq!(verdict(&findings(&seen)), Grade::Usable);
    }

    #[test]
    fn a_limit_itself_is_beyond_it() {
        let seen = Observed { clock_khz: Some([1_000_000, 1_100_001]), ..quiet() };
        assert_eq!(verdict(&findings(&seen)), Grade::Noisy);
        let seen = Observed { clock_khz: Some([1_000_000, 1_010_000]), ..quiet() };
        assert_eq!(verdict(&findings(&seen)), Grade::Quiet);
    }

    #[test]
    fn what_a_host_does_not_show_is_not_judged() {
        let findings = findings(&Observed::default());
        assert!(findings.iter().all(|finding| finding.grade.is_none()));
        assert_eq!(verdict(&findings), Grade::Quiet);
    }

    #[test]
    fn every_criterion_has_a_name_and_limits_of_its_own() {
        let names: BTreeSet<_> = CRITERIA.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), CRITERIA.len());
        assert!(CRITERIA.iter().all(|one| one.quiet_below < one.usable_below));
    }

    #[test]
    fn only_another_governor_than_the_fastest_is_worth_advice() {
        let of = |governor: &str| {
            governor_advice(&Observed { governor: Some(governor.to_owned()), ..quiet() })
        };
        assert_eq!(of("performance"), None);
        assert!(of("powersave").unwrap().contains("`powersave`"));
        assert_eq!(governor_advice(&quiet()), None);
    }
}
