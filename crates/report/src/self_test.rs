use formbench_store::CheckRow;
use serde::Serialize;

/// One question to the harness and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was measured that is known.
    pub check: String,
    /// What it had to come to.
    pub expected: String,
    /// What it came to.
    pub measured: String,
    /// Whether that is as expected.
    pub passed: bool,
}

impl Check {
    /// Returns the row that keeps it.
    pub fn row(&self) -> CheckRow {
        let Self { check, expected, measured, passed } = self.clone();
        CheckRow { check, expected, measured, passed }
    }
}
