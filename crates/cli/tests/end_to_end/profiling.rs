//! Where the time of an inference goes.

use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};

#[test]
fn the_time_of_an_inference_is_split_into_kinds_of_work() {
    let project = Project::new(EXPERIMENT);
    let asked = ["profile", "plain-d8-w16", "--engine", "fake{latency_ns=800000}"];
    let table = project.done(&asked);
    let row = |work: &str| {
        let line = table.lines().find(|line| line.contains(work));
        line.unwrap_or_else(|| panic!("{table}")).to_owned()
    };
    assert!(row("dense convolution").contains("0.600") && row("dense").contains("75.0 %"));
    assert!(row("of the engine's own").contains("0.100"), "{table}");
    assert!(row("between operators").contains("12.5 %"), "{table}");
    let json = project.done(&[&asked[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json).unwrap();
    let first = &json[0]["profile"]["operators"][0];
    assert_eq!(
        (&first["nodes"][0], &first["class"]),
        (&"stem".into(), &"dense-convolution".into())
    );
    assert!(first["macs"].as_u64() > Some(0), "{json}");
    let operators = project.done(&[&asked[..], &["--operators"]].concat());
    assert!(operators.lines().any(|line| line.contains("Fake") && line.ends_with("stem")));
}

#[test]
fn profiles_of_a_run_are_kept_in_it_and_drawn() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let folder = project.run_folder();
    let run = folder.to_string_lossy();
    let said = project.done(&["profile", &run, "--engine", "fake"]);
    assert!(said.starts_with("6 cells profiled, 0 gave no profile"), "{said}");
    let data = project.data();
    assert_eq!(data.operators.len(), 6 * 3);
    let cell = data.cells.keys().next().unwrap();
    let classes: Vec<_> = data.operators_of(cell).iter().map(|row| row.class.label()).collect();
    assert_eq!(classes, ["dense convolution", "own", "between"]);
    // What has a profile is left alone.
    let again = project.done(&["profile", &run, "--engine", "fake"]);
    assert!(again.starts_with("0 cells profiled"), "{again}");
    project.done(&["figures", &run, "-o", "drawn"]);
    for figure in ["speedup-anatomy", "saved-by-kind", "efficiency-by-operator"] {
        assert!(project.path(format!("drawn/set/{figure}.png")).is_file(), "{figure}");
    }
}

#[test]
fn what_an_engine_saves_is_shown_of_a_run_whose_operators_were_timed() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let folder = project.run_folder();
    let run = folder.to_string_lossy();
    let none = stderr(&project.run(&["show", &run, "--saved"]));
    assert!(none.contains("were timed: `formbench profile RUN` does"), "{none}");
    project.done(&["profile", &run, "--engine", "fake"]);
    let said = project.done(&["show", &run, "--saved"]);
    let mean = said.lines().find(|line| line.contains("mean of ")).unwrap();
    assert!(mean.contains("fake{latency_ns=") && mean.contains("dense convolution"), "{said}");
    assert!(said.lines().any(|line| line.contains("dense convolution stem, ")), "{said}");
    let json = project.done(&["show", &run, "--saved", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let near = |of: &Value, expected: f64| (of.as_f64().unwrap() - expected).abs() < 0.01;
    let first = &json[0];
    assert!(near(&first["saved"], 0.5), "{json}");
    // Three quarters of each inference are its operator.
    let part = &first["parts"][0];
    assert_eq!(part["part"], "dense convolution");
    assert!(near(&part["baseline_share"], 0.75) && near(&part["engine_share"], 0.375), "{json}");
}

#[test]
fn what_cannot_be_profiled_says_why() {
    let project = Project::new(EXPERIMENT);
    let said = |arguments: &[&str]| stderr(&project.run(arguments));
    let unknown = said(&["profile", "resnet18", "--engine", "fact"]);
    assert!(unknown.contains("unknown engine `fact`; known: fake"), "{unknown}");
    let none = said(&["profile", "resnet18"]);
    assert!(none.contains("no engine here shows its operators; `formbench doctor`"), "{none}");
    let unknown = said(&["profile", "resnet19", "--engine", "fake"]);
    assert!(unknown.contains("unknown architecture `resnet19`"), "{unknown}");
}
