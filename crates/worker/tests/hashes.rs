//! Hash maps of two processes differ, unless they are to be equal.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::process::Command;

use formbench_protocol::EQUAL_HASHES;
// What is tested is linked in with the worker's library.
use formbench_worker as _;

/// Has a process of this program print a hash instead of testing.
const PRINTS: &str = "FORMBENCH_TEST_PRINTS_A_HASH";

/// Returns what another process of this program makes of one number.
fn hash_elsewhere(equal: bool) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "processes_hash_alike_only_where_asked", "--nocapture"]);
    command.env(PRINTS, "1").env_remove(EQUAL_HASHES);
    if equal {
        command.env(EQUAL_HASHES, "1");
    }
    let output = command.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().find_map(|line| line.strip_prefix("hash ")).unwrap().to_owned()
}

#[test]
fn processes_hash_alike_only_where_asked() {
    if env::var_os(PRINTS).is_some() {
        writeln!(io::stdout(), "\nhash {}", RandomState::new().hash_one(7)).unwrap();
        return;
    }
    assert_eq!(hash_elsewhere(true), hash_elsewhere(true));
    assert_ne!(hash_elsewhere(false), hash_elsewhere(false));
}
