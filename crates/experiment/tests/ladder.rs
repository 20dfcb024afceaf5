//! Options that list their values stand for one setting per value.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use formbench_experiment::parse_experiment;
use words::vocabulary;

mod words;

/// Returns the engines of an experiment that lists `engines`, as they are displayed.
fn settings(engines: &str) -> Vec<String> {
    let source = format!(
        "question: What?\n\
         architectures: [{{ network: resnet18 }}]\n\
         engines: [{engines}]\n\
         baseline: {{ engine: tract, options: {{ optimize: none }} }}\n\
         input: {{ resolution: 32 }}\n\
         figures: [speedup-ladder]\n"
    );
    let experiment = parse_experiment("x", Path::new("x.yaml"), &source, &vocabulary()).unwrap();
    experiment.engines.iter().map(ToString::to_string).collect()
}

#[test]
fn a_ladder_keeps_the_order_of_its_list() {
    // The baseline is among them, so it is not added.
    assert_eq!(
        settings("{ engine: tract, options: { optimize: [none, full, declutter] } }, openvino"),
        ["tract{optimize=none}", "tract{optimize=full}", "tract{optimize=declutter}", "openvino"]
    );
}

#[test]
fn two_lists_stand_for_every_combination() {
    // `level` sorts before `optimize`, wherever the text has it: `optimize` varies faster.
    assert_eq!(
        settings("{ engine: tract, options: { optimize: [none, full], level: [2, 1] } }"),
        [
            "tract{optimize=none}",
            "tract{level=2,optimize=none}",
            "tract{level=2,optimize=full}",
            "tract{level=1,optimize=none}",
            "tract{level=1,optimize=full}",
        ]
    );
}

#[test]
fn a_default_written_out_is_another_setting() {
    let engines = "tract, { engine: tract, options: { optimize: [none, full] } }";
    assert_eq!(settings(engines), ["tract", "tract{optimize=none}", "tract{optimize=full}"]);
}
