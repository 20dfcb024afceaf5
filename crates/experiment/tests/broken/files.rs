//! Files that cannot be read.

use std::error::Error;
use std::fs;
use std::path::Path;

use formbench_experiment::read_experiment;

use crate::words::vocabulary;

#[test]
fn a_missing_file_is_named_with_the_cause() {
    let path = Path::new("no/such.yaml");
    let error = read_experiment(path, Path::new("no"), &vocabulary()).unwrap_err();
    assert_eq!(error.to_string(), "no/such.yaml: cannot be read");
    assert_eq!(error.source().unwrap().to_string(), "No such file or directory (os error 2)");
}

#[test]
fn a_byte_that_is_not_utf8_is_named_with_its_place() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("latin-1.yaml");
    // In Latin-1 the é of "Profondeur précise?" is the byte 0xe9, the fourteenth of line 2.
    fs::write(&path, b"# one\nProfondeur pr\xe9cise?\n").unwrap();
    let error = read_experiment(&path, Path::new(""), &vocabulary()).unwrap_err();
    let expected = format!("{}:2:14: text is not UTF-8; save the file as UTF-8", path.display());
    assert_eq!(error.to_string(), expected);
}
