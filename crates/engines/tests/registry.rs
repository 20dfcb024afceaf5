//! What every registered engine must be.

use std::collections::BTreeSet;
use std::path::Path;

use formbench_engines::engines;

#[test]
fn names_are_unique_kebab_case_and_those_of_the_identities() {
    let engines = engines();
    let names: BTreeSet<_> = engines.iter().map(|engine| engine.name()).collect();
    assert_eq!(names.len(), engines.len());
    for engine in &engines {
        assert_eq!(engine.identity().name, engine.name());
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
        assert!(engine.name().chars().all(kebab), "{}", engine.name());
    }
}

#[test]
fn every_engine_has_a_file_of_its_name() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for engine in engines() {
        let file = source.join(format!("{}.rs", engine.name().replace('-', "_")));
        assert!(file.is_file(), "{} has no {}", engine.name(), file.display());
    }
}

#[test]
fn burn_s_version_is_the_one_that_is_built() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let lock = std::fs::read_to_string(lock).expect("the workspace has a lock file");
    for engine in engines().iter().filter(|engine| engine.name().starts_with("burn/")) {
        let built = format!("name = \"burn\"\nversion = \"{}\"", engine.identity().version);
        assert!(lock.contains(&built), "{}", engine.name());
    }
}
