//! Dates as file names and pages carry them.

use formbench_measure::unix_ns;

/// Returns today's date in UTC, as 2026-01-31.
pub fn today() -> String {
    chrono::DateTime::from_timestamp_nanos(i64::try_from(unix_ns()).unwrap_or(i64::MAX))
        .date_naive()
        .to_string()
}
