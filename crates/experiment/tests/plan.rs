//! Which cells a plan holds, in which order, and for whom.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use formbench_experiment::{
    Experiment, Filter, Plan, Profile, Profiles, parse_experiment, parse_profiles,
};
use words::vocabulary;

mod words;

/// Six architectures × two engines; the third engine is left out of the networks.
const PATTERNS: &str = "
question: Does depth matter?
architectures:
  - { pattern: [plain, residual], depth: [8, 20], width: 32 }
  - { network: resnet18, from: standard }
  - { network: resnet50, from: full }
engines: [burn/ndarray, burn/candle, tract]
baseline: burn/ndarray
input: { resolution: 96 }
budget: { rounds: 7 }
figures: [latency-by-depth]
exclude:
  - { network: resnet18, engine: tract, why: takes too long }
";

/// Shares plain-d8-w32 with the other experiment, and its baseline.
const WIDTHS: &str = "
question: Does width matter?
architectures: [{ pattern: plain, depth: 8, width: [16, 32] }]
engines: [burn/flex]
baseline: burn/ndarray
input: { resolution: 96 }
budget: { rounds: 3, ratio_half_width: 0.01 }
figures: [latency-by-width]
";

fn experiment(name: &str, source: &str) -> Experiment {
    parse_experiment(name, Path::new("x.yaml"), source, &vocabulary()).unwrap()
}

fn profiles() -> Profiles {
    let budget = "{ rounds: 5, most_rounds: 9, blocks: 1, block_inferences: 3, block_s: 0.5, \
                  warm_up_inferences: 10, warm_up_s: 0.5, warm_up_cap_s: 2, \
                  warm_up_stable_within: 0.02, limit_s: 60, cell_limit_s: 600, \
                  ratio_half_width: 0.02 }";
    let source = format!("quick: {budget}\nstandard: {budget}\nfull: {budget}\n");
    parse_profiles(Path::new("profiles.yaml"), &source).unwrap()
}

fn plan(profile: Profile, filter: &Filter) -> Plan {
    let experiments = [experiment("burn/depths", PATTERNS), experiment("burn/widths", WIDTHS)];
    Plan::new(&experiments, &profiles(), profile.into(), filter, &BTreeSet::new()).unwrap()
}

fn shown(plan: &Plan) -> Vec<String> {
    plan.cells.iter().map(|cell| format!("{} {}", cell.architecture, cell.engine)).collect()
}

fn only(engines: &str) -> Filter {
    Filter { engines: vec![engines.to_owned()], ..Filter::default() }
}

#[test]
fn a_shared_cell_is_measured_once_beside_its_group() {
    let filter = Filter { architectures: vec!["plain".into()], ..Filter::default() };
    // The widths bring plain-d8-w16, and burn/flex to the group of plain-d8-w32, whose baseline
    // both experiments share.
    assert_eq!(
        shown(&plan(Profile::Quick, &filter)),
        [
            "plain-d8-w32 burn/ndarray",
            "plain-d8-w32 burn/candle",
            "plain-d8-w32 tract",
            "plain-d8-w32 burn/flex",
            "plain-d20-w32 burn/ndarray",
            "plain-d20-w32 burn/candle",
            "plain-d20-w32 tract",
            "plain-d8-w16 burn/ndarray",
            "plain-d8-w16 burn/flex",
        ]
    );
}

#[test]
fn groups_are_the_cells_that_differ_in_their_engine_alone() {
    let filter = Filter { architectures: vec!["plain".into()], ..Filter::default() };
    // The order of the test above: four engines, then three, then two.
    let expected = vec![vec![0, 1, 2, 3], vec![4, 5, 6], vec![7, 8]];
    assert_eq!(plan(Profile::Quick, &filter).groups(), expected);
}

#[test]
fn a_baseline_is_added_to_engines_that_lack_it() {
    let widths = experiment("burn/widths", WIDTHS);
    let engines: Vec<String> = widths.engines.iter().map(ToString::to_string).collect();
    assert_eq!(engines, ["burn/ndarray", "burn/flex"]);
}

#[test]
fn a_shared_cell_gets_the_budget_that_satisfies_both_experiments() {
    let plan = plan(Profile::Quick, &Filter::default());
    let shared = shown(&plan).iter().position(|cell| cell == "plain-d8-w32 burn/ndarray").unwrap();
    let budget = plan.budget_of(shared);
    // Rounds are 7 and 3, of which 7 satisfies both; half-widths 0.02 and 0.01, of which 0.01 does.
    assert_eq!((budget.rounds, budget.ratio_half_width), (7, 0.01));
}

#[test]
fn an_excluded_cell_is_not_planned_and_its_neighbours_are() {
    let filter = Filter { architectures: vec!["resnet".into()], ..Filter::default() };
    assert_eq!(
        shown(&plan(Profile::Full, &filter)),
        [
            "resnet18 burn/ndarray",
            "resnet18 burn/candle",
            "resnet50 burn/ndarray",
            "resnet50 burn/candle",
            "resnet50 tract",
        ]
    );
}

#[test]
fn a_filter_by_engine_keeps_the_baseline_of_the_groups_it_touches() {
    // tract is in the depths only, and excluded from resnet18.
    let plan = plan(Profile::Standard, &only("tract"));
    assert_eq!(plan.experiments.len(), 1);
    let expected: Vec<String> =
        ["plain-d8-w32", "plain-d20-w32", "residual-d8-w32", "residual-d20-w32"]
            .iter()
            .flat_map(|architecture| {
                ["burn/ndarray", "tract"].map(|one| format!("{architecture} {one}"))
            })
            .collect();
    assert_eq!(shown(&plan), expected);
}

#[test]
fn members_name_their_baseline() {
    let plan = plan(Profile::Quick, &only("flex"));
    let members = &plan.experiments[0].members;
    // plain-d8-w16 and plain-d8-w32, each on the baseline and on burn/flex.
    let baselines: Vec<(usize, bool)> =
        members.iter().map(|one| (one.cell, one.baseline)).collect();
    assert_eq!(baselines, [(0, true), (1, false), (2, true), (3, false)]);
}

#[test]
fn a_filter_that_leaves_nothing_is_an_error() {
    let experiments = [experiment("burn/depths", PATTERNS)];
    let filter = only("tracht");
    let absent = BTreeSet::new();
    let error =
        Plan::new(&experiments, &profiles(), Profile::Quick.into(), &filter, &absent).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing to measure: profile `quick` and the filters leave no cell; loosen a filter or \
         take a larger profile"
    );
}

#[test]
fn a_job_carries_the_whole_cell() {
    let cell = plan(Profile::Quick, &Filter::default()).cells[0].clone();
    let job = cell.job(true);
    assert_eq!((job.architecture, job.input), (cell.architecture, cell.input));
    assert_eq!((job.engine, job.options), (cell.engine.engine, cell.engine.options));
    // Defaults of the format: weights seed 1, one thread.
    assert_eq!((job.weights_seed, job.threads, job.software_gpu), (1, 1, true));
}

#[test]
fn a_rows_resolution_is_its_own() {
    let source = PATTERNS.replace("from: standard", "resolution: 224, from: standard");
    let cells = experiment("x", &source).cells(Profile::Standard);
    let resolution = |cell: &formbench_experiment::Cell| cell.input.images().unwrap().resolution;
    let resolutions: BTreeSet<(&str, u32)> =
        cells.iter().map(|cell| (cell.architecture.name(), resolution(cell))).collect();
    // The experiment's input says 96.
    assert_eq!(resolutions, [("plain", 96), ("residual", 96), ("resnet18", 224)].into());
}
