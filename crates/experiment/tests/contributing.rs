//! The experiment and the claim of CONTRIBUTING.md are sound, and the claim is about the experiment.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use formbench_experiment::{
    ClaimWords, Claims, Experiment, Profile, claims_files, experiment_files, read_claims,
    read_experiment,
};
use words::vocabulary;

mod words;

const MANUAL: &str = include_str!("../../../CONTRIBUTING.md");

/// Returns the folder of the example's one set.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/example")
}

fn experiment() -> Experiment {
    let [file] = &experiment_files(&root()).unwrap()[..] else { panic!("one experiment") };
    read_experiment(file, &root(), &vocabulary()).unwrap()
}

fn claims() -> Claims {
    let known = vocabulary();
    let words = ClaimWords {
        patterns: known.patterns,
        networks: known.networks,
        experiments: vec![experiment().name],
        figures: known.figures,
        engines: known.engines.into_iter().map(|engine| engine.name).collect(),
    };
    let [file] = &claims_files(&root()).unwrap()[..] else { panic!("one file of claims") };
    read_claims(file, &words).unwrap()
}

#[test]
fn contributing_quotes_the_skeletons_of_an_experiment_and_of_a_claim() {
    let skeletons =
        [include_str!("example/own/skeleton.yaml"), include_str!("example/own/claims.yaml")];
    for skeleton in skeletons {
        assert!(MANUAL.contains(&format!("```yaml\n{skeleton}```\n")), "{skeleton}");
    }
}

#[test]
fn the_skeleton_of_an_experiment_expands_to_its_cells() {
    let experiment = experiment();
    assert_eq!(experiment.name, "own/skeleton");
    // The baseline, tract and two settings of ONNX Runtime, on 2 depths; from `standard` on also on
    // a network.
    assert_eq!(experiment.cells(Profile::Quick).len(), 4 * 2);
    assert_eq!(experiment.cells(Profile::Standard).len(), 4 * 3);
}

#[test]
fn the_skeleton_of_a_claim_looks_at_the_experiment_s_cells() {
    let (claims, cells) = (claims(), experiment().cells(Profile::Full));
    let ids: Vec<&str> = claims.claims.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids, ["O1"]);
    // Both depths of the pattern on tract and on the baseline.
    let needed = |cell| claims.needed_half_width("own/skeleton", cell) == Some(0.05);
    assert_eq!(cells.iter().filter(|cell| needed(cell)).count(), 2 * 2);
}
