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
        /// Whether that is as expected.
        passed: bool,
    }
}
