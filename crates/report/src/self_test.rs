use serde::{Deserialize, Serialize};

/// One question to the harness and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
