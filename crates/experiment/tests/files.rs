//! Which files are experiments.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use formbench_experiment::{experiment_files, question_in};

#[test]
fn a_sets_yaml_files_are_experiments_except_its_claims() {
    let files =
        ["profiles.yaml", "paper/b.yaml", "paper/claims.yaml", "paper/notes.md", "burn/a.yaml"];
    let root = folder("sets", &files);
    let found = experiment_files(&root).unwrap();
    assert_eq!(found, [root.join("burn/a.yaml"), root.join("paper/b.yaml")]);
}

#[test]
fn a_file_that_looks_like_an_experiment_is_never_passed_over_in_silence() {
    let refused = |name: &str, file: &str| {
        let root = folder(name, &["profiles.yaml", "paper/b.yaml", file]);
        let refused = experiment_files(&root).unwrap_err().to_string();
        refused.replace(&format!("{}/", root.display()), "")
    };
    assert_eq!(
        refused("beside", "mine.yaml"),
        "mine.yaml: would not be measured; move it into a set, a folder beside it"
    );
    assert_eq!(
        refused("ending", "paper/mine.yml"),
        "paper/mine.yml: would not be measured; let its name end in `.yaml`"
    );
}

#[test]
fn a_question_is_found_among_keys_that_nobody_knows() {
    let asked = |source| question_in(Path::new("asked.yaml"), source);
    assert_eq!(asked("of_tomorrow: 1\nquestion: Is it fast?\n").unwrap(), "Is it fast?");
    let error = asked("engines: [tract]\n").unwrap_err().to_string();
    assert_eq!(error, "asked.yaml:1:1: missing key `question` in the experiment");
}

/// Makes a folder of two sets that holds `files`, all empty, and returns its path.
fn folder(name: &str, files: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    for set in ["paper", "burn"] {
        fs::create_dir_all(root.join(set)).unwrap();
    }
    for file in files {
        fs::write(root.join(file), "").unwrap();
    }
    root
}
