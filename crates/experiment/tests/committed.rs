//! The experiments in the repository are sound, and each profile includes the ones before it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use formbench_experiment::{
    Cell, EngineWords, Experiment, Filter, Plan, Profile, experiment_files, parse_experiment,
    read_experiment, read_profiles,
};
use words::vocabulary;

mod words;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../experiments")
}

fn experiments() -> Vec<Experiment> {
    let files = experiment_files(&root()).unwrap();
    files.iter().map(|file| read_experiment(file, &root(), &vocabulary()).unwrap()).collect()
}

fn cells(profile: Profile) -> BTreeSet<Cell> {
    let profiles = read_profiles(&root().join("profiles.yaml")).unwrap();
    let plan = Plan::new(&experiments(), &profiles, profile, &Filter::default()).unwrap();
    plan.cells.into_iter().collect()
}

#[test]
fn experiments_are_named_by_their_path() {
    let names: BTreeSet<String> = experiments().into_iter().map(|one| one.name).collect();
    for name in ["burn/networks", "burn/patterns-by-depth", "burn/patterns-by-width"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
}

#[test]
fn each_profile_includes_the_one_before_it() {
    let [quick, standard, full] = Profile::ALL.map(cells);
    assert!(quick.is_subset(&standard) && quick.len() < standard.len());
    assert!(standard.is_subset(&full));
}

#[test]
fn every_experiment_has_cells_in_the_smallest_profile() {
    for experiment in experiments() {
        assert!(!experiment.cells(Profile::Quick).is_empty(), "{}", experiment.name);
    }
}

#[test]
fn a_larger_profile_asks_for_no_less() {
    let profiles = read_profiles(&root().join("profiles.yaml")).unwrap();
    for pair in Profile::ALL.windows(2) {
        let (smaller, larger) = (*profiles.budget(pair[0]), *profiles.budget(pair[1]));
        assert_eq!(smaller.and(larger), larger, "{} to {}", pair[0], pair[1]);
    }
}

#[test]
fn the_example_of_the_manual_is_sound() {
    let path = root().join("README.md");
    let manual = fs::read_to_string(&path).unwrap();
    let (_, rest) = manual.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let mut vocabulary = vocabulary();
    vocabulary.engines.push(EngineWords {
        name: "onnxruntime".into(),
        options: vec!["graph_optimization".into()],
    });
    let experiment = parse_experiment("example", &path, example, &vocabulary).unwrap();
    // 2 patterns × (2 depths + 1) and 2 networks, on 3 engines; the exclusion takes the 3 cells of
    // plain on one of them.
    assert_eq!(experiment.cells(Profile::Full).len(), (2 * 3 + 2) * 3 - 3);
}
