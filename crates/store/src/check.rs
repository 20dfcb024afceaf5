use crate::table::table;

table! {
    /// One row per check of the self-test that this run began with: the harness on what is known.
    "checks" => CheckRow {
        /// What was measured that is known.
        check: String,
        /// What it had to come to.
        expected: String,
        /// What it came to.
        measured: String,
        /// Whether that is as expected; null where the host was too busy to judge it.
        passed: Option<bool>,
    }
}

impl CheckRow {
    /// Returns how the check came out, in a word or two.
    pub fn outcome(&self) -> &'static str {
        match self.passed {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not judged",
        }
    }

    /// Returns whether it was judged and is not as expected.
    pub fn has_failed(&self) -> bool {
        self.passed == Some(false)
    }
}
