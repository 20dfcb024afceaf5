//! What imagined runs show about imagined claims, and about each other.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod imagined;

use std::collections::BTreeMap;
use std::path::Path;

use formbench_analysis::{
    CommittedVerdicts, Finding, Outcome, Run, Verdict, VerdictKind, agreement, finals, verdicts,
};
use formbench_experiment::{ClaimWords, Claims, parse_claims};
use formbench_report::{agreement_page, verdicts_page};
use imagined::{Scope, Size};

const SIZE: Size = Size { rounds: 6, samples: 9, noise: 0.02 };

const CLAIMS: &str = "\
interpretations:
  - interpretation: burn
    what: the plain backend against the others
    set: burn
    baseline: burn/ndarray
    accelerated: [burn/flex, burn/candle, burn/wgpu]
claims:
  - id: K1
    claim: Engines gain 3.3 times on average.
    abstract_says: nothing of this
    our_choice: everything
    checks:
      - { check: they gain, of: all, quantity: mean-speed-up, relation: { above: 1 }, refuted_by: a loss, figure: f }
      - { check: about 3.3 times, of: all, quantity: mean-speed-up, relation: { near: 3.3, within: 1.2 }, refuted_by: another number, figure: f }
  - id: K2
    claim: The depthwise bottleneck gains most, and much more.
    abstract_says: nothing of this
    our_choice: everything
    checks:
      - { check: it gains most, of: patterns, quantity: speed-up, relation: { first: depthwise-bottleneck }, refuted_by: another first, figure: f }
      - { check: by a factor of 9, of: patterns, quantity: speed-up, relation: { spread: 9 }, refuted_by: less, figure: f }
  - id: K3
    claim: The bottleneck gains most.
    abstract_says: nothing of this
    our_choice: everything
    checks:
      - { check: it gains most, of: patterns, quantity: speed-up, relation: { first: bottleneck }, refuted_by: another first, figure: f }
  - id: K4
    claim: ResNet-18 is the fastest network.
    abstract_says: nothing of this
    our_choice: everything
    checks:
      - { check: it is, of: networks, quantity: latency, relation: { first: resnet18 }, refuted_by: another faster, figure: f }
  - id: K5
    claim: Latency grows with MACs, and the cache with both.
    abstract_says: nothing of this
    our_choice: everything
    checks:
      - { check: latency with MACs, of: patterns, quantity: correlation, relation: { between: [macs, latency], sign: positive }, refuted_by: none, figure: f }
      - { check: the cache with MACs, of: patterns, quantity: correlation, relation: { between: [macs, efficacy], sign: either }, refuted_by: none, figure: f }
";

/// Returns the claims, on another set and engines if those are replaced.
fn claims(replaced: &[(&str, &str)]) -> Claims {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let words = ClaimWords {
        patterns: owned(&["plain", "bottleneck", "depthwise-bottleneck"]),
        networks: owned(&["resnet18", "mobilenet-v2"]),
        experiments: owned(&["burn/networks", "paper/networks"]),
        figures: owned(&["f"]),
        engines: Vec::new(),
    };
    let source = replaced.iter().fold(CLAIMS.to_owned(), |text, (from, to)| text.replace(from, to));
    parse_claims(Path::new("claims.yaml"), &source, &words).unwrap()
}

/// The study's own interpretation.
const PAPER: [(&str, &str); 3] = [
    ("set: burn", "set: paper"),
    ("baseline: burn/ndarray", "baseline: pytorch"),
    ("[burn/flex, burn/candle, burn/wgpu]", "[tract]"),
];

fn paper() -> Run {
    let grid = &[(8, 16), (8, 32), (8, 64), (14, 32), (20, 32)];
    imagined::paper(&SIZE, &Scope { grid, patterns: 4, networks: 3 })
}

fn kinds(verdicts: &[Verdict]) -> BTreeMap<(&str, &str), VerdictKind> {
    verdicts.iter().map(|one| ((one.claim.as_str(), one.engine.as_str()), one.verdict)).collect()
}

fn finding<'v>(verdicts: &'v [Verdict], claim: &str, engine: &str, check: usize) -> &'v Finding {
    let is_it = |one: &&Verdict| one.claim == claim && one.engine == engine;
    &verdicts.iter().find(is_it).unwrap().findings[check]
}

#[test]
fn every_kind_of_verdict_is_reached() {
    let run = imagined::run(&SIZE);
    let verdicts = verdicts(&run, &claims(&[]));
    let kinds = kinds(&verdicts);
    // Flex gains 3.57 times on dense and 2.44 on depthwise architectures: 3.2 on all. Candle gains
    // 1.61 times and 0.59: 1.25.
    assert_eq!(kinds[&("K1", "burn/flex")], VerdictKind::Holds);
    assert_eq!(kinds[&("K1", "burn/candle")], VerdictKind::HoldsInPart);
    assert_eq!(kinds[&("K2", "burn/flex")], VerdictKind::DoesNotHold);
    // Plain, residual and bottleneck gain the same, up to noise.
    assert_eq!(kinds[&("K3", "burn/flex")], VerdictKind::Undecided);
    assert_eq!(kinds[&("K1", "burn/wgpu")], VerdictKind::NotTestable);
    insta::assert_snapshot!(verdicts_page(&run, &verdicts, "formbench verify"));
}

#[test]
fn claims_about_all_threads_look_at_the_most_that_a_run_has() {
    let asked = claims(&[("of: all,", "of: all, threads: all,")]);
    let mut run = imagined::run(&SIZE);
    let on_one = verdicts(&run, &claims(&[]));
    // Every cell has one thread: that is not what is asked.
    assert_eq!(kinds(&verdicts(&run, &asked))[&("K1", "burn/flex")], VerdictKind::NotTestable);
    run.cells.values_mut().for_each(|cell| cell.threads = 4);
    let found = verdicts(&run, &asked);
    let [on_all, on_one] = [&found, &on_one].map(|of| &finding(of, "K1", "burn/flex", 1).says);
    assert_eq!(on_all, on_one);
    // Where some cells have fewer, these are left out: all of the run's threads are asked for.
    let flex = run.cells.values_mut().filter(|cell| cell.engine == "burn/flex");
    flex.for_each(|cell| cell.threads = 2);
    assert_eq!(kinds(&verdicts(&run, &asked))[&("K1", "burn/flex")], VerdictKind::NotTestable);
}

#[test]
fn who_is_first_instead_is_named() {
    let verdicts = verdicts(&imagined::run(&SIZE), &claims(&[]));
    let says = &finding(&verdicts, "K2", "burn/candle", 0).says;
    assert!(
        says.contains("is first of 4, depthwise-bottleneck (0.589\u{a0}×) is number 4;"),
        "{says}"
    );
}

#[test]
fn those_who_may_be_first_meet_in_a_final_which_alone_decides() {
    let (mut run, claims) = (imagined::run(&SIZE), claims(&[]));
    let all = finals(&run, &claims);
    // Patterns have several sizes each, and nothing was measured on wgpu.
    let questions: Vec<String> = all.iter().map(|one| one.question.to_string()).collect();
    assert_eq!(
        questions,
        ["Final of K4 on burn/flex (burn): it is?", "Final of K4 on burn/candle (burn): it is?"]
    );
    // 59, 66 and 134 ms: the third cannot be first.
    assert_eq!(all[0].names, ["resnet18", "mobilenet-v2"]);
    let verdict = |run: &Run| finding(&verdicts(run, &claims), "K4", "burn/flex", 0).clone();
    assert_eq!(verdict(&run).outcome, Outcome::Holds);

    // In the final ResNet-18 takes twice as long.
    let mut held = run.clone();
    held.cells.retain(|key, _| all[0].cells.contains(key));
    held.members.retain(|member| all[0].cells.contains(&member.cell));
    held.experiments.iter_mut().for_each(|row| row.question.clone_from(&questions[0]));
    let slower = held.cells.values().find(|cell| cell.name == "resnet18").unwrap();
    let rounds = held.latencies.get_mut(&slower.cell).unwrap().values_mut();
    for turn in rounds.flat_map(|blocks| blocks.values_mut()).flat_map(|block| &mut block.turns) {
        turn.median_ns *= 2.0;
    }
    run.finals.push(held);
    let found = verdict(&run);
    assert_eq!((found.outcome, found.count.cells), (Outcome::DoesNotHold, 2));
    assert!(found.count.in_final);
    assert!(found.says.starts_with("in a final of 2 of 3: mobilenet-v2 ("), "{}", found.says);
    // The other engine had none.
    let others = verdicts(&run, &claims);
    assert!(!finding(&others, "K4", "burn/candle", 0).says.contains("final"));

    // A final that was hardly begun says nothing, and the survey goes on to decide.
    let mut begun = run.clone();
    for rounds in begun.finals[0].latencies.values_mut() {
        rounds.retain(|round, _| *round < 2);
    }
    let found = verdict(&begun);
    assert_eq!(found.outcome, Outcome::Holds);
    assert!(found.says.contains("; its final does not count: it has 2"), "{}", found.says);
    // Nor one in which somebody is missing who may be first by now.
    let mut other = run.clone();
    let absent = other.finals[0].cells.values_mut().find(|cell| cell.name == "mobilenet-v2");
    absent.unwrap().name = "resnet50".into();
    let found = verdict(&other);
    assert_eq!(found.outcome, Outcome::Holds);
    assert!(
        found.says.contains("mobilenet-v2, which may be first by now, took no part"),
        "{}",
        found.says
    );
}

#[test]
fn the_best_who_is_not_named_takes_part_in_every_final() {
    // Both leaders are named.
    let named = [("first: resnet18", "first: [resnet18, mobilenet-v2]")];
    let claims = claims(&named);
    let all = finals(&imagined::run(&SIZE), &claims);
    assert_eq!(all[0].names, ["resnet18", "mobilenet-v2", "resnet50"]);
}

#[test]
fn a_software_adapter_is_no_gpu_to_test_on() {
    let verdicts = verdicts(&imagined::run(&SIZE), &claims(&[]));
    let says = &finding(&verdicts, "K1", "burn/wgpu", 0).says;
    assert_eq!(says, "no GPU here: burn/wgpu on llvmpipe (software)");
}

#[test]
fn a_stand_in_is_not_the_baseline_that_a_claim_is_about() {
    let verdicts = verdicts(&paper(), &claims(&PAPER));
    let of_speed_up = finding(&verdicts, "K1", "tract", 0);
    assert_eq!(of_speed_up.outcome, Outcome::NotTestable);
    assert!(of_speed_up.says.contains("stands in for pytorch"), "{}", of_speed_up.says);
    // Latencies need no baseline: 350 million MACs less than the others' fastest.
    assert!(finding(&verdicts, "K4", "tract", 0).outcome.is_decided());
}

#[test]
fn properties_are_related_within_patterns() {
    let verdicts = verdicts(&paper(), &claims(&PAPER));
    let latency = finding(&verdicts, "K5", "tract", 0);
    assert_eq!(latency.outcome, Outcome::Holds, "{latency:?}");
    // Four patterns at five sizes, and at the width of equal cost.
    assert_eq!(latency.count.cells, 24);
    let cache = finding(&verdicts, "K5", "tract", 1);
    assert_eq!(
        (cache.outcome, cache.says.as_str()),
        (Outcome::NotTestable, "no cache data in this run")
    );
}

#[test]
fn a_run_without_cells_tests_nothing() {
    let verdicts = verdicts(&imagined::empty(), &claims(&[]));
    assert!(verdicts.iter().all(|one| one.verdict == VerdictKind::NotTestable), "{verdicts:?}");
    let says = &finding(&verdicts, "K4", "burn/flex", 0).says;
    assert_eq!(says, "the run has no cell of networks on burn/flex in set burn");
}

#[test]
fn only_decided_verdicts_can_be_missed() {
    let run = imagined::run(&SIZE);
    let now = verdicts(&run, &claims(&[]));
    let mut kept = CommittedVerdicts::of(&run, &now);
    let met = kept.compare(&run.host.run, &now);
    // K1 on two engines twice, K2 on two engines twice, K4 on two; K3 is undecided.
    assert_eq!((met.expected, met.met, met.missed.len()), (10, 10, 0));
    for one in &mut kept.outcomes {
        one.outcome = match one.claim.as_str() {
            "K1" if one.outcome == Outcome::Holds => Outcome::DoesNotHold,
            "K3" if one.outcome == Outcome::Undecided => Outcome::Holds,
            _ => one.outcome,
        };
    }
    let met = kept.compare(&run.host.run, &now);
    // Of K1 three held; of K3 two were undecided and count now as expected.
    let contradicted = met.missed.iter().filter(|missed| missed.is_contradicted()).count();
    assert_eq!((met.expected, met.missed.len(), contradicted), (12, 5, 3));
}

#[test]
fn verdicts_of_version_0_1_are_read() {
    let run = imagined::run(&SIZE);
    let committed = CommittedVerdicts::of(&run, &verdicts(&run, &claims(&[])));
    let text = serde_json::to_string(&committed).unwrap();
    let former = text.replace("\"interpretation\"", "\"reading\"");
    assert_ne!(former, text);
    let names = |of: &CommittedVerdicts| -> Vec<String> {
        of.outcomes.iter().map(|one| one.interpretation.clone()).collect()
    };
    assert_eq!(names(&serde_json::from_str(&former).unwrap()), names(&committed));
}

/// Returns the run with other keys, as another host has them.
fn rekeyed(run: &Run) -> Run {
    let key = |key: &str| format!("f{}", &key[1..]);
    let mut other = run.clone();
    other.cells = run
        .cells
        .values()
        .map(|cell| {
            let mut cell = cell.clone();
            cell.cell = key(&cell.cell);
            (cell.cell.clone(), cell)
        })
        .collect();
    other.members.iter_mut().for_each(|member| member.cell = key(&member.cell));
    other.latencies =
        run.latencies.iter().map(|(cell, rounds)| (key(cell), rounds.clone())).collect();
    other
}

#[test]
fn runs_of_other_hosts_are_matched_by_what_they_compare() {
    let run = imagined::run(&SIZE);
    let found = agreement(&run, &rekeyed(&run));
    // 64 forms of patterns and 3 networks on two engines.
    assert_eq!((found.compared.len(), found.alone), (134, [0, 0]));
    assert_eq!((found.share_agreeing, found.largest_difference), (1.0, 1.0));
    assert!(found.engines.iter().all(|one| one.rank_correlation == Some(1.0)), "{found:?}");
}

#[test]
fn a_difference_is_counted_and_comes_first() {
    let run = imagined::run(&SIZE);
    let mut other = rekeyed(&run);
    let slow =
        other.cells.values().find(|cell| cell.name == "resnet18" && cell.engine == "burn/flex");
    let slow = slow.unwrap().cell.clone();
    for block in
        other.latencies.get_mut(&slow).unwrap().values_mut().flat_map(|round| round.values_mut())
    {
        block.turns.iter_mut().for_each(|turn| turn.median_ns *= 2.0);
    }
    let gone =
        other.cells.values().find(|cell| cell.name == "resnet50" && cell.engine == "burn/flex");
    let gone = gone.unwrap().cell.clone();
    other.latencies.remove(&gone);
    let found = agreement(&run, &other);
    assert_eq!((found.compared.len(), found.alone), (133, [1, 0]));
    let first = &found.compared[0];
    assert_eq!((first.architecture.as_str(), first.agrees), ("resnet18", false));
    // Half as fast there: twice the speed-up here.
    assert!((first.ratio - 2.0).abs() < 1e-9 && (found.largest_difference - 2.0).abs() < 1e-9);
    let page = agreement_page(&found, "formbench verify");
    assert!(page.contains("the largest difference of a ratio is 2.00 times"), "{page}");
    assert!(page.contains("| resnet18 | 224 | 1 | burn/flex | burn/ndarray |"), "{page}");
}
