//! The ratios that verdicts are judged by, beside the study's.

use formbench_statistics::Estimate;

use super::finding::Measure;
use super::{Finding, Verdict};
use crate::order::engine_order;
use crate::{Row, Series, Unit};

/// Interpretation whose ratios are shown: the study's own comparison.
const INTERPRETATION: &str = "paper";
/// What stands where an engine does in rows of what the study's abstract says.
pub const STUDY: &str = "the study";

/// Returns the checks that are judged by a ratio, each number once: a row of `section` per check and engine, and one of
/// [`STUDY`] with the ratio that decides.
pub fn judged_ratios(verdicts: &[Verdict], section: &str) -> Vec<Row> {
    let of_study = verdicts.iter().filter(|one| one.interpretation == INTERPRETATION);
    let found: Vec<Row> = of_study.flat_map(|verdict| of_verdict(verdict, section)).collect();
    let mut rows = found.clone();
    // Checks in the order of the claims; the study comes below the engines, once for each.
    let place = |row: &Row| found.iter().position(|one| one.group == row.group);
    rows.sort_by(|a, b| (place(a), &a.series).cmp(&(place(b), &b.series)));
    rows.dedup_by(|a, b| a.group == b.group && a.series == b.series);
    rows
}

fn of_verdict(verdict: &Verdict, section: &str) -> Vec<Row> {
    let ratio = |finding: &Finding| finding.measure.clone().filter(|one| one.unit == Unit::Ratio);
    let findings = verdict.findings.iter().enumerate();
    // Of two checks that judge one number, the later one is about what the abstract says.
    let is_last = |at: usize, measure: &Measure| {
        verdict.findings[at + 1..].iter().all(|later| ratio(later).as_ref() != Some(measure))
    };
    let judged = findings.filter_map(|(at, finding)| Some((at, finding, ratio(finding)?)));
    let rows = judged.filter(|(at, _, measure)| is_last(*at, measure)).flat_map(
        |(_, finding, measure)| {
            let group = format!("{}: {}", verdict.claim, finding.check);
            let row = |engine: &str, order, [value, low, high]: [f64; 3]| Row {
                section: Some(section.to_string()),
                ..Row::new(&group, series(engine, order), Estimate { value, low, high })
            };
            let Measure { value, low, high, .. } = measure;
            let measured = Row {
                cells: finding.count.cells,
                cells_asked: finding.count.cells_asked,
                rounds: finding.count.rounds,
                as_found: finding.count.as_found,
                ..row(&verdict.engine, engine_order(&verdict.engine), [value, low, high])
            };
            let study = finding.bound.map(|bound| row(STUDY, usize::MAX, [bound; 3]));
            [measured].into_iter().chain(study)
        },
    );
    rows.collect()
}

fn series(engine: &str, order: usize) -> Series {
    let (engine, label) = (engine.to_string(), engine.to_string());
    Series { order, engine, variant: 0, label, threads: 1 }
}
