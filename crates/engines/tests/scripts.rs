//! The scripts that ask engines through their Python packages have tests of their own, in Python.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it found")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_scripts_pass_their_own_tests() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../.engines/bin/python");
    if !python.is_file() {
        eprintln!("no `.engines`: `make engines` makes it");
        return;
    }
    let output = Command::new(python)
        .args(["-B", "-m", "unittest", "-q", "test_fidelity", "test_operators"])
        .current_dir(here.join("python"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
