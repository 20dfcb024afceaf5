//! Who may write below a data folder.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use formbench_store::{DataLock, StoreError};

/// Tells this test's own executable to hold the lock of a folder until it is killed.
const HOLD: &str = "FORMBENCH_TEST_HOLDS";

#[test]
fn a_second_holder_is_told_who_holds_the_folder() {
    let data = tempfile::tempdir().unwrap();
    let first = DataLock::acquire(data.path(), "formbench run").unwrap();
    let error = DataLock::acquire(data.path(), "formbench run --profile full").unwrap_err();
    let start = format!(
        "{}: in use by `formbench run`, process {}, started ",
        data.path().display(),
        std::process::id()
    );
    assert!(error.to_string().starts_with(&start), "{error}");
    drop(first);
    DataLock::acquire(data.path(), "formbench run").unwrap();
}

#[test]
fn the_lock_of_a_killed_process_is_free() {
    if let Some(data) = env::var_os(HOLD) {
        let _lock = DataLock::acquire(Path::new(&data), "formbench run").unwrap();
        thread::sleep(Duration::from_secs(60));
    }
    let data = tempfile::tempdir().unwrap();
    let mut child = hold(data.path());
    let error = DataLock::acquire(data.path(), "second").unwrap_err();
    let StoreError::Held { holder: Some(holder), .. } = error else { panic!("{error}") };
    assert_eq!((holder.pid, holder.command.as_str()), (child.id(), "formbench run"));
    child.kill().unwrap();
    child.wait().unwrap();
    DataLock::acquire(data.path(), "second").unwrap();
}

/// Starts a process that holds the lock, and returns once it does.
fn hold(data: &Path) -> Child {
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "lock::the_lock_of_a_killed_process_is_free"])
        .env(HOLD, data)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let path = data.join(".lock");
    while fs::read_to_string(&path).unwrap_or_default().lines().count() < 3 {
        thread::sleep(Duration::from_millis(5));
    }
    child
}
