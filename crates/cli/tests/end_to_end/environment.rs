//! What the environment must not do to a run.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::fixture::{EXPERIMENT, Project, stderr};

const NO_TEXT: &[u8] = b"\xff";

#[test]
fn a_variable_that_is_no_text_ends_no_run() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["run"]);
    command.env("FOO", OsStr::from_bytes(NO_TEXT)).env("OMP_FOO", OsStr::from_bytes(NO_TEXT));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let environment = project.data().host.environment.unwrap();
    assert!(environment.contains("OMP_FOO") && !environment.contains("\"FOO\""), "{environment}");
}

#[test]
fn an_argument_that_is_no_text_is_an_error_and_no_panic() {
    let project = Project::new(EXPERIMENT);
    for command in ["run", "cache", "plan", "show"] {
        let mut command = project.command(&[command]);
        let output = command.arg(OsStr::from_bytes(NO_TEXT)).output().unwrap();
        assert!(!output.status.success());
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
    // A path need not be text.
    let folder = project.path(OsStr::from_bytes(b"data-\xff"));
    let mut command = project.command(&["--data"]);
    let output = command.arg(&folder).arg("run").output().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn variables_that_pin_threads_do_not_reach_workers_and_that_is_said() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["run"]);
    let output = command.env("OMP_PROC_BIND", "close").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("workers do without OMP_PROC_BIND"), "{}", stderr(&output));
}
