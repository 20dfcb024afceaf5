//! Which files are experiments.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use formbench_experiment::experiment_files;

#[test]
fn a_sets_yaml_files_are_experiments_except_its_claims() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sets");
    for set in ["paper", "burn"] {
        fs::create_dir_all(root.join(set)).unwrap();
    }
    let files =
        ["profiles.yaml", "paper/b.yaml", "paper/claims.yaml", "paper/notes.md", "burn/a.yaml"];
    for file in files {
        fs::write(root.join(file), "").unwrap();
    }
    let found = experiment_files(&root).unwrap();
    assert_eq!(found, [root.join("burn/a.yaml"), root.join("paper/b.yaml")]);
}
