//! Runs that travel: packed here, added there.

use std::path::Path;

use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};

const LICENCE: [&str; 2] = ["--licence", "CC-BY-4.0"];

/// Returns a project with a run, and the run's pack in it.
fn packed() -> Project {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    assert_eq!(project.done(&["pack", "-o", "run.zip", LICENCE[0], LICENCE[1]]), "run.zip\n");
    project
}

/// Adds packs to a project, and returns what is printed.
fn add(project: &Project, packs: &[&Path]) -> String {
    let packs = packs.iter().map(|pack| pack.to_str().unwrap());
    project.done(&["add"].into_iter().chain(packs).collect::<Vec<_>>())
}

#[test]
fn a_run_travels_and_is_drawn_elsewhere_with_the_same_numbers() {
    let here = packed();
    let there = Project::new(EXPERIMENT);
    let folder = add(&there, &[&here.path("run.zip")]);
    let run = here.run_folder();
    assert_eq!(folder.trim(), format!("data/added/{}", run.file_name().unwrap().to_str().unwrap()));
    let numbers = here.done(&["show", "--csv"]);
    assert_eq!(there.done(&["show", folder.trim(), "--csv"]), numbers);
    there.done(&["figures", folder.trim(), "-o", "drawn"]);
    here.done(&["figures", "-o", "drawn"]);
    let read =
        |project: &Project| std::fs::read_to_string(project.path("drawn/results.csv")).unwrap();
    assert_eq!(read(&here), read(&there));
}

#[test]
fn an_added_run_is_not_the_latest_and_is_not_resumed() {
    let here = packed();
    let there = Project::new(EXPERIMENT);
    add(&there, &[&here.path("run.zip")]);
    let output = there.run(&["show"]);
    assert!(stderr(&output).contains("no run in `data/runs`"), "{}", stderr(&output));
    // The same plan on the same machine: it is measured anew, and not found to be done.
    let printed = there.done(&["run"]);
    assert!(printed.starts_with("data/runs/"), "{printed}");
    assert!(there.run_folder().join("samples.parquet").is_file());
}

#[test]
fn a_licence_has_to_be_named_and_to_exist() {
    let project = packed();
    let output = project.run(&["pack"]);
    let said = "error: name the licence under which others may use the run, such as `--licence CC-BY-4.0`\n";
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), said));
    let output = project.run(&["pack", "--license", "CC-BY"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("unknown licence `CC-BY`"), "{}", stderr(&output));
}

#[test]
fn a_pack_is_named_after_its_run_unless_it_is_told_otherwise() {
    let project = packed();
    let printed = project.done(&["pack", "--license", "CC0-1.0"]);
    let run = project.run_folder();
    assert_eq!(printed.trim(), format!("{}.zip", run.file_name().unwrap().to_str().unwrap()));
}

#[test]
fn one_bad_pack_does_not_keep_the_others_out() {
    let here = packed();
    let bytes = std::fs::read(here.path("run.zip")).unwrap();
    std::fs::write(here.path("cut.zip"), &bytes[..bytes.len() / 2]).unwrap();
    let packs = ["cut.zip", "run.zip", "run.zip"];
    let output = here.run(&["add", "--data", "other/runs", "--json", packs[0], packs[1], packs[2]]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("error: cut.zip: no readable zip file"),
        "{}",
        stderr(&output)
    );
    assert!(stderr(&output).contains("run.zip: its run is there already"), "{}", stderr(&output));
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(rows[0]["refused"].is_string() && rows[0]["folder"].is_null(), "{rows}");
    assert_eq!((&rows[1]["was_there"], &rows[2]["was_there"]), (&false.into(), &true.into()));
    assert_eq!(rows[1]["folder"], rows[2]["folder"]);
    // Three architectures on two settings of the fake engine.
    assert_eq!(rows[1]["cells"], 6);
}

#[test]
fn a_path_does_not_travel_unasked() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["run"]);
    command.env("OMP_TOOL_LIBRARIES", "/srv/own/tool.so");
    assert!(command.output().unwrap().status.success());
    let output = project.run(&["pack", LICENCE[0], LICENCE[1]]);
    assert_eq!(output.status.code(), Some(1));
    let said = "error: column `environment` of table `host` has `/srv/own/tool.so`, a path of a machine; \
                `--keep-private` lets it travel\n";
    assert_eq!(stderr(&output), said);
    project.done(&["pack", LICENCE[0], LICENCE[1], "--keep-private", "-o", "run.zip"]);
    assert!(project.path("run.zip").is_file());
}

#[test]
fn who_adds_waits_for_nobody_who_measures() {
    let here = packed();
    // Whoever measures holds the folder of the runs.
    let _held =
        formbench_store::DataLock::acquire(&here.path("other/runs"), "formbench run").unwrap();
    here.done(&["add", "--data", "other/runs", "run.zip"]);
    let _held =
        formbench_store::DataLock::acquire(&here.path("other/added"), "formbench add").unwrap();
    let output = here.run(&["add", "--data", "other/runs", "run.zip"]);
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
}
