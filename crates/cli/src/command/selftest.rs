//! Tests the harness itself.

use anyhow::Result;
use formbench_store::CheckRow;
use formbench_validation::selftest::checks;
use serde_json::{Value, json};

use crate::arguments::{Arguments, SelftestArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints what the harness measures where the right answer is known.
///
/// # Errors
/// The worker does not answer, or refuses its own instrument.
pub fn execute(arguments: &Arguments, selftest: &SelftestArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let engines = formbench_campaign::describe(&worker)?.engines;
    let pairs = if selftest.quick { 0 } else { selftest.pairs };
    let checks = checks(&worker, &engines, pairs)?;
    if selftest.json {
        output::json(&checks.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        output::table(["check", "expected", "measured", "passed"], checks.iter().map(row))?;
    }
    let has_failed = checks.iter().any(CheckRow::has_failed);
    Ok(if has_failed { Exit::SelfTestFailed } else { Exit::Done })
}

fn row(check: &CheckRow) -> [String; 4] {
    let CheckRow { check: what, expected, measured, .. } = check;
    [what.clone(), expected.clone(), measured.clone(), check.outcome().to_owned()]
}

fn as_json(CheckRow { check, expected, measured, passed }: &CheckRow) -> Value {
    json!({ "check": check, "expected": expected, "measured": measured, "passed": passed })
}
