use crate::fixture::{EXPERIMENT, Project};

#[test]
fn every_table_is_also_json() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    for arguments in [
        &["list", "--json"][..],
        &["plan", "--json"],
        &["run", "--json"],
        &["figures", "--json"],
        &["show", "--json"],
        &["doctor", "--json"],
    ] {
        let printed = project.done(arguments);
        let value: Result<serde_json::Value, _> = serde_json::from_str(&printed);
        assert!(value.is_ok(), "{arguments:?}: {printed}");
    }
}

#[test]
fn filters_narrow_a_plan_and_keep_the_baseline() {
    let project = Project::new(EXPERIMENT);
    let plan = project.done(&["plan", "--json", "-a", "residual", "--engine", "500000"]);
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let engines: Vec<_> =
        plan["cells"].as_array().unwrap().iter().map(|cell| cell["engine"].as_str()).collect();
    let expected = [Some("fake{latency_ns=1000000}"), Some("fake{latency_ns=500000}")];
    assert_eq!(engines, expected);
}

#[test]
fn help_fits_one_screen() {
    let project = Project::new(EXPERIMENT);
    let commands = ["run", "list", "show", "fidelity", "choose"];
    let each = commands.map(|command| vec![command, "-h"]);
    for arguments in [vec!["-h"]].into_iter().chain(each) {
        let help = project.done(&arguments);
        assert!(help.lines().count() <= 24, "{arguments:?}\n{help}");
    }
    insta::assert_snapshot!(project.done(&["-h"]));
}

#[test]
fn lists_say_what_exists() {
    let project = Project::new(EXPERIMENT);
    insta::assert_snapshot!(project.done(&["list"]));
}

#[test]
fn figures_can_be_narrowed_to_an_architecture() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    project.done(&["figures", "-o", "out", "-a", "plain"]);
    let page = std::fs::read_to_string(project.path("out/README.md")).unwrap();
    assert!(page.contains(" -o out -a plain`"), "{page}");
    assert!(page.contains("| plain |") && !page.contains("| residual |"), "{page}");
}

#[test]
fn completions_are_printed_for_every_shell() {
    let project = Project::new(EXPERIMENT);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(project.done(&["completions", shell]).contains("formbench"), "{shell}");
    }
}

#[test]
fn costs_are_sorted_and_remembered() {
    let project = Project::new(EXPERIMENT);
    let list = || project.done(&["list", "--attributes", "--csv", "--sort", "macs"]);
    let macs = |listing: &str| -> Vec<u64> {
        let rows = listing.lines().skip(1).map(|row| row.split(',').nth(4).unwrap());
        rows.map(|number| number.parse().unwrap()).collect()
    };
    let first = macs(&list());
    assert!(first.len() > 1 && first.is_sorted_by(|one, next| one >= next), "{first:?}");
    // What is remembered is what comes back, and the largest is first again.
    let remembered = std::fs::read_dir(project.path("cache/formbench")).unwrap();
    let file = remembered.map(|file| file.unwrap().path()).next().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let smallest = format!("\"macs\":{},", first[first.len() - 1]);
    std::fs::write(&file, text.replacen(&smallest, "\"macs\":123456789012,", 1)).unwrap();
    assert_eq!(macs(&list())[0], 123_456_789_012);
}
