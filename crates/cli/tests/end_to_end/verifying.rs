use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};

/// The second engine is exactly twice as fast as the first on everything.
const CLAIMS: &str = "\
interpretations:
  - interpretation: own
    what: slow against fast
    set: set
    baseline: \"fake{latency_ns=1000000}\"
    accelerated: \"fake{latency_ns=500000}\"
claims:
  - id: A
    claim: Half the latency is twice the speed.
    abstract_says: that it is
    our_choice: a band of a tenth
    checks:
      - check: it gains twice
        of: all
        quantity: mean-speed-up
        relation: { near: 2, within: 1.1 }
        refuted_by: another number
        figure: speedup-by-pattern
      - check: plain gains most
        of: patterns
        quantity: speed-up
        relation: { first: plain }
        refuted_by: another pattern first
        figure: speedup-by-pattern
";

/// Returns a project with claims and a finished run.
fn measured() -> Project {
    let project = Project::new(EXPERIMENT);
    std::fs::write(project.path("experiments/set/claims.yaml"), CLAIMS).unwrap();
    project.done(&["run"]);
    project
}

/// Commits the verdicts of the project's run, changed by `change`.
fn commit(project: &Project, change: impl Fn(&str) -> String) {
    project.done(&["verify", "-o", "kept.json"]);
    let kept = std::fs::read_to_string(project.path("kept.json")).unwrap();
    let host: Value = serde_json::from_str(&kept).unwrap();
    let folder = project.path("data/verdicts");
    std::fs::create_dir_all(&folder).unwrap();
    let file = format!("{}.json", host["host"].as_str().unwrap());
    std::fs::write(folder.join(file), change(&kept)).unwrap();
}

#[test]
fn a_claim_that_holds_and_a_tie_that_decides_nothing() {
    let project = measured();
    let printed: Value = serde_json::from_str(&project.done(&["verify", "--json"])).unwrap();
    let findings = &printed["verdicts"][0]["findings"];
    // Every latency is exact: 1 ms over 0.5 ms, and two patterns share the first place.
    assert_eq!(
        (&findings[0]["outcome"], &findings[1]["outcome"]),
        (&"holds".into(), &"undecided".into())
    );
    assert!((findings[0]["measure"]["value"].as_f64().unwrap() - 2.0).abs() < 1e-9);
    assert!((findings[1]["first_probability"].as_f64().unwrap() - 0.5).abs() < 1e-9);
    let text = project.done(&["verify"]);
    assert!(text.contains("holds in part: 1 of 2"), "{text}");
    assert!(text.contains("no verdicts are committed for this host"), "{text}");
}

#[test]
fn verdicts_that_come_out_again_end_with_0() {
    let project = measured();
    commit(&project, str::to_owned);
    let text = project.done(&["verify"]);
    assert!(text.contains("1 of 1 decided verdicts of"), "{text}");
}

#[test]
fn a_contradicted_verdict_ends_with_9() {
    let project = measured();
    commit(&project, |kept| kept.replacen("\"holds\"", "\"does-not-hold\"", 1));
    let output = project.run(&["verify"]);
    assert_eq!(output.status.code(), Some(9), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("contradicted: A on fake{latency_ns=500000} (own), it gains twice"),
        "{text}"
    );
}

#[test]
fn a_verdict_that_is_not_reached_any_more_ends_with_9() {
    let project = measured();
    commit(&project, |kept| kept.replacen("\"undecided\"", "\"holds\"", 1));
    let output = project.run(&["verify"]);
    assert_eq!(output.status.code(), Some(9), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("not confirmed: A"), "{text}");
}

#[test]
fn verdicts_stand_before_the_figures() {
    let project = measured();
    project.done(&["figures", "-o", "out"]);
    let page = std::fs::read_to_string(project.path("out/README.md")).unwrap();
    let verdicts = page.find("## Verdicts").unwrap();
    assert!(verdicts < page.find("### speedup-by-pattern").unwrap(), "{page}");
    std::fs::remove_file(project.path("experiments/set/claims.yaml")).unwrap();
    project.done(&["figures", "-o", "without"]);
    let page = std::fs::read_to_string(project.path("without/README.md")).unwrap();
    assert!(!page.contains("## Verdicts"), "{page}");
}

#[test]
fn a_page_of_verdicts_is_markdown() {
    let project = measured();
    project.done(&["verify", "-o", "out/verdicts.md"]);
    let page = std::fs::read_to_string(project.path("out/verdicts.md")).unwrap();
    assert!(
        page.contains("| **A** Half the latency is twice the speed. | holds in part: 1 of 2 |"),
        "{page}"
    );
}

#[test]
fn a_second_run_agrees_with_the_first() {
    let project = measured();
    let first = project.run_folder();
    project.done(&["run", "--fresh"]);
    let first = first.to_str().unwrap();
    let arguments = ["verify", "--against", first, "-o", "against.md"];
    let text = project.done(&arguments);
    // Three architectures on one engine.
    assert!(text.contains("3\u{a0}speed-ups in both, 100.0\u{a0}% of them agree"), "{text}");
    let page = std::fs::read_to_string(project.path("against.md")).unwrap();
    assert!(page.contains("| plain-d8-w16 | 32 | 1 |"), "{page}");
    let json: Value =
        serde_json::from_str(&project.done(&["verify", "--against", first, "--json"])).unwrap();
    assert_eq!(
        (&json["share_agreeing"], &json["alone"]),
        (&1.0.into(), &serde_json::json!([0, 0]))
    );
}

#[test]
fn runs_of_other_experiments_have_nothing_to_compare() {
    let project = measured();
    let other = Project::new(&EXPERIMENT.replace("resolution: 32", "resolution: 64"));
    other.done(&["run"]);
    let other = other.run_folder();
    let output = project.run(&["verify", "--against", other.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no speed-up in common"), "{}", stderr(&output));
}

#[test]
fn missing_and_wrong_claims_are_named() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let output = project.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("no `claims.yaml`"), "{}", stderr(&output));
    let path = project.path("experiments/set/claims.yaml");
    std::fs::write(&path, CLAIMS.replace("first: plain", "first: plane")).unwrap();
    for command in ["verify", "figures"] {
        let output = project.run(&[command]);
        assert_eq!(output.status.code(), Some(3), "{command}");
        let said = stderr(&output);
        assert!(said.contains("claims.yaml:22:28: unknown pattern `plane`"), "{said}");
    }
}

#[test]
fn a_final_is_held_once_and_its_turns_decide() {
    let project = measured();
    let text = project.done(&["final", "--plan"]);
    let question = "Final of A on fake{latency_ns=500000} (own): plain gains most?";
    assert_eq!(text, format!("{question} plain, residual\n"));
    assert!(!project.run_folder().join("finals").exists());

    // Equals stay equals until the time is over.
    let held = project.done(&["final", "--budget", "2s"]);
    assert!(held.starts_with(&format!("{question} undecided: in a final of 2 of 2: ")), "{held}");
    let folders: Vec<_> = std::fs::read_dir(project.run_folder().join("finals"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(folders.len(), 1);
    let run = formbench_store::Run::read(&folders[0]).unwrap();
    assert_eq!(run.experiments.len(), 1);
    assert_eq!(run.experiments[0].question, question);
    // Two patterns with their baselines, in the same turns of at least three rounds.
    assert_eq!(run.cells.len(), 4);
    let rounds: Vec<_> = run.latencies.values().map(|of| of.len()).collect();
    assert!(rounds[0] >= 3 && rounds.iter().all(|count| *count == rounds[0]), "{rounds:?}");

    // One that is over is left alone, unless another is asked for, which then decides.
    assert_eq!(project.done(&["final"]), held);
    project.done(&["final", "--budget", "1s", "--fresh"]);
    let count = || std::fs::read_dir(project.run_folder().join("finals")).unwrap().count();
    assert_eq!(count(), 2);
    assert!(project.done(&["final", "--budget", "1s"]).starts_with(question));
    assert_eq!(count(), 2);
    let printed: Value = serde_json::from_str(&project.done(&["verify", "--json"])).unwrap();
    let says = printed["verdicts"][0]["findings"][1]["says"].as_str().unwrap();
    assert!(says.starts_with("in a final of 2 of 2: "), "{says}");
}

#[test]
fn a_final_is_held_where_its_run_was_measured() {
    let project = measured();
    let file = project.path("experiments/set/asked.yaml");
    let changed = EXPERIMENT.replace("resolution: 32", "resolution: 64");
    std::fs::write(file, changed).unwrap();
    let output = project.run(&["final"]);
    assert!(!output.status.success());
    assert!(
        stderr(&output).contains("hold finals where and as their run was measured"),
        "{}",
        stderr(&output)
    );
}
