//! What is measured as the baseline on hosts that lack the baseline's engine.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use formbench_experiment::{Filter, Plan, Profile, parse_experiment, read_profiles};
use words::vocabulary;

mod words;

const ENGINES: &str = "[pytorch, openvino]";

fn plan(engines: &str, absent: &[&str], filter: &Filter) -> Plan {
    let source = format!(
        "question: What?\n\
         architectures: [{{ network: resnet18 }}]\n\
         engines: {engines}\n\
         baseline: pytorch\n\
         stand_in: tract\n\
         input: {{ resolution: 32 }}\n\
         figures: [network-speedup]\n"
    );
    let experiment = parse_experiment("x", Path::new("x.yaml"), &source, &vocabulary()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/profiles.yaml");
    let absent = absent.iter().map(ToString::to_string).collect::<BTreeSet<String>>();
    let profiles = read_profiles(&path).unwrap();
    Plan::new(&[experiment], &profiles, Profile::Quick.into(), filter, &absent).unwrap()
}

/// Returns the engines of the plan's cells, the baseline's starred.
fn shown(plan: &Plan) -> Vec<String> {
    let star = |baseline| if baseline { "*" } else { "" };
    let shown = |one: &formbench_experiment::Member| {
        format!("{}{}", plan.cells[one.cell].engine, star(one.baseline))
    };
    plan.experiments[0].members.iter().map(shown).collect()
}

fn stand_in(plan: &Plan) -> Option<String> {
    plan.experiments[0].stand_in.as_ref().map(ToString::to_string)
}

#[test]
fn a_baseline_that_is_there_needs_no_stand_in() {
    let plan = plan(ENGINES, &["openvino"], &Filter::default());
    assert_eq!(shown(&plan), ["pytorch*", "openvino"]);
    assert_eq!(stand_in(&plan), None);
}

#[test]
fn a_stand_in_takes_the_place_of_an_absent_baseline_whose_cells_stay() {
    let plan = plan(ENGINES, &["pytorch"], &Filter::default());
    assert_eq!(shown(&plan), ["tract*", "pytorch", "openvino"]);
    assert_eq!(stand_in(&plan), Some("tract".to_owned()));
    assert_eq!(plan.experiments[0].baseline.engine, "pytorch");
}

#[test]
fn a_stand_in_among_the_engines_is_measured_either_way_and_once() {
    let engines = "[pytorch, openvino, tract]";
    let there = plan(engines, &[], &Filter::default());
    assert_eq!(shown(&there), ["pytorch*", "openvino", "tract"]);
    let absent = plan(engines, &["pytorch"], &Filter::default());
    assert_eq!(shown(&absent), ["pytorch", "openvino", "tract*"]);
}

#[test]
fn an_absent_stand_in_stands_in_for_nothing() {
    let plan = plan(ENGINES, &["pytorch", "tract"], &Filter::default());
    assert_eq!(shown(&plan), ["pytorch*", "openvino"]);
    assert_eq!(stand_in(&plan), None);
}

#[test]
fn a_filter_by_engine_keeps_the_stand_in() {
    let filter = Filter { engines: vec!["openvino".into()], ..Filter::default() };
    assert_eq!(shown(&plan(ENGINES, &["pytorch"], &filter)), ["tract*", "openvino"]);
    assert_eq!(shown(&plan(ENGINES, &[], &filter)), ["pytorch*", "openvino"]);
}
