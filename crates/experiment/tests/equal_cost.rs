//! `match`: widths that are found, `threads: all`, and rows of one profile with another's budget.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use formbench_experiment::{
    Experiment, ExperimentError, Extent, Filter, Plan, Profile, parse_experiment, parse_profiles,
};
use formbench_protocol::CostTarget;
use words::vocabulary;

mod words;

const EXPERIMENT: &str = "
question: Which pattern gains most at equal cost?
architectures:
  - { pattern: [plain, residual], depth: [8, 20], match: { macs: 300e6 } }
  - { pattern: plain, depth: 8, width: 16.125 }
engines: [burn/candle]
baseline: burn/ndarray
input: { resolution: 96 }
threads: [1, all]
figures: [latency-by-depth]
";

fn parse(source: &str) -> Result<Experiment, ExperimentError> {
    parse_experiment("set/equal", Path::new("x.yaml"), source, &vocabulary())
}

/// Returns what is wrong with the experiment where a text is replaced.
fn fault(from: &str, to: &str) -> String {
    assert!(EXPERIMENT.contains(from));
    parse(&EXPERIMENT.replace(from, to)).unwrap_err().to_string()
}

fn plan(extent: Extent) -> Plan {
    let budget = |rounds: u32| {
        format!(
            "{{ rounds: {rounds}, most_rounds: {rounds}, blocks: 1, block_inferences: 3, block_s: 0.5, \
             warm_up_inferences: 10, warm_up_s: 0.5, warm_up_cap_s: 2, \
             warm_up_stable_within: 0.02, limit_s: 60, cell_limit_s: 600, \
             ratio_half_width: 0.02 }}"
        )
    };
    let source = format!("quick: {}\nstandard: {}\nfull: {}\n", budget(2), budget(3), budget(4));
    let profiles = parse_profiles(Path::new("profiles.yaml"), &source).unwrap();
    let experiments = [parse(EXPERIMENT).unwrap()];
    Plan::new(&experiments, &profiles, extent, &Filter::default(), &BTreeSet::new()).unwrap()
}

#[test]
fn a_matched_row_has_the_widths_that_are_found_and_says_what_for() {
    let plan = plan(Profile::Quick.into());
    // The tests' vocabulary finds an eighth of a channel for each million: 300 eighths.
    let found: BTreeSet<String> =
        plan.cells.iter().map(|cell| cell.architecture.to_string()).collect();
    let expected = ["plain-d20-w37.5", "plain-d8-w16.125", "plain-d8-w37.5", "residual-d20-w37.5"];
    assert!(expected.iter().all(|label| found.contains(*label)), "{found:?}");
    let matched: BTreeSet<String> =
        plan.matched.keys().map(|(architecture, _)| architecture.to_string()).collect();
    assert!(!matched.contains("plain-d8-w16.125") && matched.len() == 4, "{matched:?}");
    assert!(plan.matched.values().all(|target| *target == CostTarget::Macs(300_000_000)));
}

#[test]
fn all_threads_are_one_for_each_processor() {
    // The tests' vocabulary has four processors.
    let threads: BTreeSet<u32> =
        plan(Profile::Quick.into()).cells.iter().map(|cell| cell.threads).collect();
    assert_eq!(threads, [1, 4].into());
    let fault = fault("[1, all]", "[1, most]");
    assert!(fault.contains("expected a whole number from 1 to 1024, or `all`"), "{fault}");
}

#[test]
fn rows_of_one_profile_can_have_the_budget_of_another() {
    let extent = Extent { profile: Profile::Full, budget_of: Profile::Quick };
    assert_eq!(extent.to_string(), "full with the budget of quick");
    assert_eq!(plan(extent).budget_of(0).rounds, 2);
    assert_eq!(plan(Profile::Full.into()).budget_of(0).rounds, 4);
}

#[test]
fn a_cost_without_a_width_and_a_row_with_both_are_errors_at_their_place() {
    let fault = |to| fault("match: { macs: 300e6 }", to);
    assert_eq!(
        fault("match: { macs: 1000 }"),
        "x.yaml:4:58: plain at depth 8 and 96 pixels costs more"
    );
    assert_eq!(
        fault("width: 16, match: { macs: 300e6 }"),
        "x.yaml:4:5: a pattern row has either `width` or `match`"
    );
    assert_eq!(
        fault("match: { macs: 300e6, parameters: 5e6 }"),
        "x.yaml:4:58: match: expected either `macs` or `parameters`"
    );
    assert_eq!(
        fault("match: { macs: 300.5 }"),
        "x.yaml:4:66: macs: expected a whole number, as `300e6`, got `300.5`"
    );
}
