//! The experiments in the repository are sound, and each profile includes the ones before it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use formbench_experiment::{
    Cell, Experiment, Filter, Plan, PlannedExperiment, Profile, experiment_files, parse_experiment,
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

/// Returns the plan of the experiments whose names contain `part`.
fn plan(part: &str, profile: Profile, absent: &[&str]) -> Plan {
    let profiles = read_profiles(&root().join("profiles.yaml")).unwrap();
    let filter = Filter { experiments: vec![part.to_owned()], ..Filter::default() };
    let absent = absent.iter().map(ToString::to_string).collect();
    Plan::new(&experiments(), &profiles, profile.into(), &filter, &absent).unwrap()
}

fn cells(profile: Profile) -> BTreeSet<Cell> {
    plan("", profile, &[]).cells.into_iter().collect()
}

#[test]
fn experiments_are_named_by_their_path() {
    let names: BTreeSet<String> = experiments().into_iter().map(|one| one.name).collect();
    let sets = ["burn", "paper"].map(|set| {
        ["networks", "patterns-by-depth", "patterns-by-width"].map(|name| format!("{set}/{name}"))
    });
    let others = ["burn/gpu", "ladder/graph-optimisation"].map(str::to_owned);
    for name in sets.into_iter().flatten().chain(others) {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
}

#[test]
fn each_profile_includes_the_one_before_it() {
    let [quick, standard, full] = Profile::ALL.map(cells);
    assert!(quick.is_subset(&standard) && quick.len() < standard.len());
    assert!(standard.is_subset(&full));
}

#[test]
fn every_set_has_cells_in_the_smallest_profile_and_every_experiment_in_the_largest() {
    let has_cells = |experiment: &Experiment, profile| !experiment.cells(profile).is_empty();
    let set = |experiment: &Experiment| experiment.name.split('/').next().map(str::to_owned);
    let experiments = experiments();
    let quick = experiments.iter().filter(|experiment| has_cells(experiment, Profile::Quick));
    let quick: BTreeSet<_> = quick.map(set).collect();
    for experiment in &experiments {
        assert!(quick.contains(&set(experiment)), "{}", experiment.name);
        assert!(has_cells(experiment, Profile::Full), "{}", experiment.name);
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
    let experiment = parse_experiment("example", &path, example, &vocabulary()).unwrap();
    // 2 patterns × (2 depths + 1) and 2 networks, on the baseline, 2 engines and 2 settings of a
    // third; the exclusion takes the 3 cells of plain on one of them.
    assert_eq!(experiment.cells(Profile::Full).len(), (2 * 3 + 2) * 5 - 3);
}

#[test]
fn the_ladder_climbs_from_its_baseline() {
    let plan = plan("ladder/", Profile::Standard, &[]);
    let levels = ["disabled", "basic", "extended", "all"]
        .map(|level| format!("onnxruntime{{graph_optimization={level}}}"));
    let groups = plan.groups();
    assert_eq!(groups.len(), 4, "one for each pattern");
    for group in groups {
        let shown: Vec<String> = group.iter().map(|&i| plan.cells[i].engine.to_string()).collect();
        assert_eq!(shown, levels);
    }
    let baselines = plan.experiments[0].members.iter().filter(|member| member.baseline);
    assert!(baselines.into_iter().all(|one| plan.cells[one.cell].engine.to_string() == levels[0]));
}

#[test]
fn without_pytorch_onnxruntime_at_disabled_stands_in() {
    let with = plan("paper/", Profile::Full, &[]);
    let without = plan("paper/", Profile::Full, &["pytorch"]);
    let has_pytorch =
        |group: &&Vec<usize>| group.iter().any(|&at| with.cells[at].engine.engine == "pytorch");
    // One more cell in each group that it was in; none is lost.
    let groups = with.groups().iter().filter(has_pytorch).count();
    assert_eq!(without.cells.len(), with.cells.len() + groups);
    // Nothing is asked about speed-ups where caches are looked at, and one question is about PyTorch itself.
    let others = ["paper/cache", "paper/pytorch-waiting"];
    let compared = |experiment: &&PlannedExperiment| !others.contains(&experiment.name.as_str());
    for experiment in without.experiments.iter().filter(compared) {
        let stand_in = experiment.stand_in.as_ref().unwrap().to_string();
        assert_eq!(stand_in, "onnxruntime{graph_optimization=disabled}", "{}", experiment.name);
    }
}

#[test]
fn the_graphics_processor_is_compared_on_cells_that_are_measured_anyway() {
    let shared = cells_but_gpu();
    let plan = plan("burn/gpu", Profile::Full, &[]);
    let own = plan.cells.iter().filter(|cell| cell.engine.engine != "burn/wgpu");
    for cell in own {
        assert!(shared.contains(cell), "{} at {}", cell.architecture, cell.input);
    }
}

fn cells_but_gpu() -> BTreeSet<Cell> {
    let others = ["burn/networks", "burn/patterns"];
    others.iter().flat_map(|part| plan(part, Profile::Full, &[]).cells).collect()
}
