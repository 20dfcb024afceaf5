//! Steps between versions as a report in JUnit's XML, which CI systems show.

use anyhow::{Context, Result};
use formbench_analysis::history::{Changes, VersionStep};
use formbench_analysis::number::percent;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// Returns the report: a suite for each host and engine, a case for each cell and step. A case fails if the step is
/// shown to be slower by more than the share `limit`.
///
/// # Errors
/// A text cannot be written as XML.
pub fn report(changes: &Changes, limit: f64) -> Result<String> {
    let mut report = Report::new("formbench history");
    let is_same = |a: &VersionStep, b: &VersionStep| {
        (&a.fingerprint, &a.engine) == (&b.fingerprint, &b.engine)
    };
    for steps in changes.steps.chunk_by(is_same) {
        let Some(VersionStep { host, engine, .. }) = steps.first() else { continue };
        let mut suite = TestSuite::new(format!("{engine} on {host}"));
        suite.add_test_cases(steps.iter().map(|step| case(step, limit)));
        report.add_test_suite(suite);
    }
    report.to_string().context("cannot write XML")
}

fn case(step: &VersionStep, limit: f64) -> TestCase {
    let [from, to] = step.labels();
    let said = format!("{} by {}: {}", step.change(), step.measure(), step.verdict.label());
    let status = if step.is_slower_by(limit) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("slower");
        status.set_message(format!(
            "{} from {from} to {to}; at most {} is allowed",
            step.change(),
            percent(limit)
        ));
        status.set_description(format!(
            "{said}; runs before: {}; runs after: {}",
            step.from_runs.join(", "),
            step.to_runs.join(", ")
        ));
        status
    } else {
        TestCaseStatus::success()
    };
    let mut case = TestCase::new(format!("{}: {from} \u{2192} {to}", step.cell_name()), status);
    case.set_classname(format!("{}.{}", step.host, step.engine));
    case.set_system_out(said);
    case
}
