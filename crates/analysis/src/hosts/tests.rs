//! Runs of imagined hosts.

use formbench_experiment::Claimant;
use formbench_store::{HostRow, InputShape};

use super::comparison::VersionedComparison;
use super::verdicts::RunVerdict;
use super::*;
use crate::agreement::Definition;
use crate::{Verdict, VerdictKind};

/// Returns a run of a host without speed-ups, which is named after both.
fn run(host: &str, started: u64) -> RunOfHost {
    RunOfHost {
        name: host.to_string(),
        host: HostRow {
            run: format!("{started}-{host}"),
            host: host.to_string(),
            fingerprint: format!("fingerprint of {host}"),
            started_unix_ns: started,
            ..HostRow::default()
        },
        cells: 2,
        versions: [("tract".to_string(), ["1".to_string()].into())].into(),
        speed_ups: Vec::new(),
        verdicts: Vec::new(),
    }
}

/// Returns a comparison on `engine`, which is a name and a version, over `pytorch` of a version.
fn comparison(
    architecture: &str,
    [engine, version]: [&str; 2],
    baseline: &str,
) -> VersionedComparison {
    let input = InputShape { batch: Some(1), resolution: Some(224), inputs: None };
    VersionedComparison {
        definition: Definition {
            architecture: architecture.to_string(),
            input,
            threads: 1,
            seeds: [7, 1],
            baseline: "pytorch".to_string(),
            engine: engine.to_string(),
        },
        baseline_version: baseline.to_string(),
        engine_version: version.to_string(),
    }
}

fn speed_up(value: f64) -> HostSpeedUp {
    let (low, high) = (0.9 * value, 1.1 * value);
    HostSpeedUp { value, low, high, rounds: 5, as_found: false, log_variance: 0.001 }
}

/// Returns a run with a speed-up of each architecture on `tract`.
fn measured(host: &str, started: u64, speed_ups: &[(&str, f64)]) -> RunOfHost {
    let of = |(architecture, value): &(&str, f64)| {
        (comparison(architecture, ["tract", "1"], "2"), speed_up(*value))
    };
    RunOfHost { speed_ups: speed_ups.iter().map(of).collect(), ..run(host, started) }
}

fn collected(runs: Vec<RunOfHost>) -> SideBySide {
    let mut collector = HostCollector::default();
    runs.into_iter().for_each(|run| collector.add(run));
    collector.side_by_side()
}

/// Returns the speed-ups of an architecture, by host.
fn values(of: &SideBySide, architecture: &str) -> Vec<f64> {
    let spreads = of.families.iter().flat_map(|family| &family.spreads);
    let mut found = spreads.filter(|spread| spread.architecture == architecture);
    let of_hosts = found.next().map(|spread| spread.of_hosts.clone()).unwrap_or_default();
    of_hosts.iter().map(|placed| placed.speed_up.value).collect()
}

#[test]
fn of_two_runs_of_a_host_the_later_one_that_has_a_comparison_counts() {
    let one = || {
        vec![
            measured("a", 2, &[("x", 2.0)]),
            measured("a", 1, &[("x", 1.0), ("y", 5.0)]),
            measured("b", 1, &[("x", 3.0), ("y", 4.0)]),
        ]
    };
    let reversed = one().into_iter().rev().collect();
    for of in [collected(one()), collected(reversed)] {
        // y was not measured again on a.
        assert_eq!((values(&of, "x"), values(&of, "y")), (vec![2.0, 3.0], vec![5.0, 4.0]));
        let facts = &of.hosts[0];
        assert_eq!((facts.runs.len(), facts.cells, facts.speed_ups), (2, 4, 2));
    }
}

#[test]
fn a_copy_of_a_run_is_no_other_run() {
    let of = collected(vec![measured("a", 1, &[("x", 2.0)]), measured("a", 1, &[("x", 2.0)])]);
    assert_eq!((of.hosts.len(), of.hosts[0].runs.len(), of.hosts[0].cells), (1, 1, 2));
    assert_eq!((of.families[0].alone, of.families[0].spreads.len()), (1, 0));
}

#[test]
fn engines_of_other_versions_are_told_apart() {
    let with = |host: &str, version: &str, baseline: &str| {
        let speed_up = (comparison("x", ["tract", version], baseline), speed_up(2.0));
        RunOfHost { speed_ups: vec![speed_up], ..run(host, 1) }
    };
    let of = collected(vec![with("a", "1", "9"), with("b", "2", "9"), with("c", "2", "9")]);
    let family = &of.families[0];
    assert_eq!(family.title(), "over pytorch, 1 thread");
    assert_eq!(family.engines, ["tract 1", "tract 2"]);
    // b and c alone share a version.
    assert_eq!((family.spreads.len(), family.alone), (1, 1));
    assert_eq!(family.spreads[0].engine, "tract 2");
    let of = collected(vec![with("a", "1", "8"), with("b", "1", "9")]);
    let titles: Vec<String> = of.families.iter().map(HostFamily::title).collect();
    assert_eq!(titles, ["over pytorch 8, 1 thread", "over pytorch 9, 1 thread"]);
    assert!(of.families.iter().all(|family| family.spreads.is_empty()));
}

#[test]
fn hosts_of_one_name_are_told_apart_by_their_fingerprints() {
    let other = RunOfHost {
        host: HostRow { fingerprint: "0123456789abcdef".into(), ..run("a", 1).host },
        ..run("a", 1)
    };
    let of = collected(vec![run("a", 1), other, run("b", 1)]);
    let names: Vec<&str> = of.hosts.iter().map(|host| host.host.as_str()).collect();
    assert_eq!(names, ["a (012345)", "a (finger)", "b"]);
}

#[test]
fn an_unusual_input_is_part_of_an_architecture_s_name() {
    let mut large = comparison("x", ["tract", "1"], "2");
    large.definition.input.resolution = Some(299);
    let mut seeded = comparison("y", ["tract", "1"], "2");
    seeded.definition.seeds = [8, 1];
    let usual = ["v", "w", "x", "y"].map(|name| comparison(name, ["tract", "1"], "2"));
    let with = |host: &str| {
        let all = usual.clone().into_iter().chain([large.clone(), seeded.clone()]);
        let speed_ups = all.zip(1_u8..).map(|(one, at)| (one, speed_up(f64::from(at)))).collect();
        RunOfHost { speed_ups, ..run(host, 1) }
    };
    let of = collected(vec![with("a"), with("b")]);
    let names = of.families[0].architectures();
    // By their gain, which rises with their place.
    let expected = ["y, input seed 8, weights seed 1", "x, 299 × 299 pixels", "y", "x", "w", "v"];
    assert_eq!(names, expected);
}

#[test]
fn a_spread_is_of_the_hosts_that_have_it() {
    let hosts = ["a", "b", "c"].into_iter().zip([1.0, 8.0, 2.0]);
    let of = collected(hosts.map(|(host, value)| measured(host, 1, &[("x", value)])).collect());
    let spread = &of.families[0].spreads[0];
    assert!((spread.median - 2.0).abs() < 1e-9);
    assert!((spread.range[0] - 1.0).abs() < 1e-9 && (spread.range[1] - 8.0).abs() < 1e-9);
    // A fifth of the way from the middle of three to an end, by logarithms: places 0.2 and 1.8 of 0 to 2.
    assert!((spread.tenths[0] - 2.0_f64.powf(0.2)).abs() < 1e-9, "{:?}", spread.tenths);
    assert!((spread.tenths[1] - 2.0 * 4.0_f64.powf(0.8)).abs() < 1e-9, "{:?}", spread.tenths);
}

#[test]
fn hosts_that_scale_every_speed_up_alike_are_a_part_of_their_own() {
    let names = ["r", "s", "t", "u", "v", "w"];
    let hosts = [("a", 1.0), ("b", 2.0), ("c", 4.0), ("d", 1.0), ("e", 2.0)];
    let of_host = |(host, factor): (&str, f64)| {
        let value = |at: usize| 1.5_f64.powi(at as i32) * factor;
        let speed_ups: Vec<_> = (0..6).map(|at| (names[at], value(at))).collect();
        measured(host, 1, &speed_ups)
    };
    let of = collected(hosts.map(of_host).to_vec());
    let parts = of.families[0].parts.as_ref().unwrap();
    assert_eq!((parts.speed_ups, parts.of, parts.has_intervals), (30, [6, 1, 5, 30], true));
    let by_name = |name: &str| parts.parts.iter().find(|part| part.part == name).unwrap();
    // Logarithms of hosts in doublings: 0, 1, 2, 0, 1 about 0.8: squares of 2.8 over four degrees of freedom, 0.7 doublings²
    // of which nothing is chance, less the error of measuring, which is all that both together show.
    let doubling = 2.0_f64.ln().powi(2);
    assert!((by_name("host").variance[0] - 0.7 * doubling).abs() < 1e-9);
    // 0 to 5 about 2.5: squares of 17.5 over five.
    let step = 1.5_f64.ln().powi(2);
    assert!((by_name("architecture").variance[0] - 3.5 * step).abs() < 1e-9);
    assert_eq!(by_name("architecture × host").variance[0], 0.0);
    assert!(parts.below_nothing().contains(&"architecture × host"));
    assert!((by_name("error of measuring").variance[0] - 0.001).abs() < 1e-12);
    // Four hosts describe themselves alone.
    let of = collected(hosts[..4].iter().map(|host| of_host(*host)).collect());
    let parts = of.families[0].parts.as_ref().unwrap();
    assert!(!parts.has_intervals && parts.parts.iter().all(|part| part.share[1] == part.share[2]));
    // They order architectures alike.
    let order = &of.families[0].orders[0];
    assert_eq!((order.pairs.len(), order.all_pairs), (6, 6));
    assert!(order.pairs.iter().all(|pair| pair.correlation > 0.999 && pair.compared == 6));
}

/// Returns a run with one verdict.
fn judged(host: &str, started: u64, kind: VerdictKind) -> RunOfHost {
    let verdict = Verdict {
        claimed_by: Claimant::Study,
        claim: "C1".to_string(),
        statement: "It gains.".to_string(),
        abstract_says: String::new(),
        our_choice: String::new(),
        interpretation: "paper".to_string(),
        interpretation_what: String::new(),
        baseline: "pytorch".to_string(),
        engine: "tract".to_string(),
        verdict: kind,
        findings: Vec::new(),
    };
    let of_run = run(host, started);
    let verdicts = vec![RunVerdict::of(&verdict, &of_run.versions)];
    RunOfHost { verdicts, ..of_run }
}

#[test]
fn the_latest_run_that_can_judge_a_claim_does() {
    let of = collected(vec![
        judged("a", 1, VerdictKind::Undecided),
        judged("a", 2, VerdictKind::Holds),
        judged("a", 3, VerdictKind::NotTestable),
        judged("b", 1, VerdictKind::DoesNotHold),
    ]);
    let [line] = of.verdicts.as_slice() else { panic!("{:?}", of.verdicts) };
    let said: Vec<_> = line.of_hosts.iter().map(|one| (one.host, one.says.as_str())).collect();
    assert_eq!(said, [(0, "holds"), (1, "does not hold")]);
    assert_eq!(line.count(VerdictKind::Holds), 1);
    assert!(!line.has_several_versions());
}

#[test]
fn the_run_that_can_judge_most_of_a_claim_does() {
    let with = |checks: usize, mut run: RunOfHost| {
        run.verdicts[0].judged_checks = checks;
        run
    };
    let of = collected(vec![
        with(2, judged("a", 1, VerdictKind::Undecided)),
        with(2, judged("a", 2, VerdictKind::Holds)),
        with(1, judged("a", 3, VerdictKind::DoesNotHold)),
    ]);
    assert_eq!(of.verdicts[0].of_hosts[0].says, "holds");
}

#[test]
fn a_family_knows_which_versions_of_formbench_measured_what_hosts_share() {
    let by = |version: &str, run: RunOfHost| RunOfHost {
        host: HostRow { harness_version: version.to_string(), ..run.host.clone() },
        ..run
    };
    let of = collected(vec![
        by("0.1", measured("a", 1, &[("x", 2.0)])),
        // The later run of a measured what no other host has.
        by("0.2", measured("a", 2, &[("y", 2.0)])),
        by("0.1", measured("b", 1, &[("x", 2.0)])),
    ]);
    assert_eq!(of.families[0].harness_versions, ["0.1".to_string()].into());
    assert!(of.has_several_harnesses());
}
