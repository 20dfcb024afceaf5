//! How quiet this host is, and what would make it quieter.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use formbench_campaign::EarlierRuns;
use formbench_measure::Host;
use formbench_validation::noise::{
    Grade, NoiseFinding, Observed, Quantity, advice, as_json, findings, verdict, watch,
};

use crate::arguments::DoctorArguments;
use crate::exit::Exit;
use crate::output;

/// Watches this host and prints what was found.
///
/// # Errors
/// stdout cannot be written.
pub fn execute(data: &Path, doctor: &DoctorArguments) -> Result<Exit> {
    output::say(&format!("watching this host for {} s; leave it alone", doctor.seconds));
    let earlier = EarlierRuns::read(data, &Host::here(), &output::say).quiet_memory_ns;
    let seen = watch(Duration::from_secs(doctor.seconds.into()), earlier);
    let findings = findings(&seen);
    if doctor.json {
        output::json(&as_json(&seen, &findings))?;
        return Ok(Exit::Done);
    }
    output::table(
        ["what", "measured", "quiet below", "usable below", "verdict"],
        findings.iter().map(row),
    )?;
    output::text(&format!("\n{}", summary(&seen, &findings)))?;
    for advice in advice(&seen, &findings) {
        output::text(&format!("- {advice}"))?;
    }
    Ok(Exit::Done)
}

fn row(finding: &NoiseFinding) -> [String; 5] {
    let criterion = finding.criterion;
    let number = |number: f64| number_text(number, criterion.unit);
    [
        criterion.name.to_owned(),
        finding.measured.map_or_else(|| "not shown here".to_owned(), number),
        number(criterion.quiet_below),
        number(criterion.usable_below),
        finding.grade.map_or("", Grade::label).to_owned(),
    ]
}

fn number_text(number: f64, unit: Quantity) -> String {
    match unit {
        _ if number.is_infinite() => "any".to_owned(),
        Quantity::Share => format!("{:.2} %", 100.0 * number),
        Quantity::Count => format!("{number:.2}"),
    }
}

fn summary(seen: &Observed, findings: &[NoiseFinding]) -> String {
    let work = seen.work.as_ref().map_or_else(String::new, |work| {
        let [p50, p99] = [work.p50_ns, work.p99_ns].map(|ns| ns / 1e6);
        format!("; equal work took {p50:.3} ms, one time in a hundred over {p99:.3} ms")
    });
    let siblings = match seen.has_siblings {
        Some(true) => "; processors are SMT siblings",
        _ => "",
    };
    let (cores, window_s) = (seen.logical_cores, seen.window_s);
    let verdict = verdict(findings).label();
    format!("{verdict}: {cores} processors{siblings}{work}; windows of {window_s:.1} s")
}
