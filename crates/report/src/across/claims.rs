//! How far is what was measured from what the study claims? One part per run, one row per check with a ratio, one mark
//! per engine and one for the study.
//! Reads: verdicts. Axis: ratio, logarithmic, from 1.

use formbench_analysis::claim::Measure;
use formbench_analysis::{Finding, Row, Series, Unit, Verdict, order::engine_order};
use formbench_statistics::Estimate;

use crate::canvas::Canvas;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::STUDY;
use crate::{Committed, CommittedRun, FigureTable, ReportError};

/// Interpretation whose verdicts are drawn: the study's own comparison.
const INTERPRETATION: &str = "paper";

/// Everything the figure says, by run, check and engine.
pub(super) fn table(committed: &Committed) -> FigureTable {
    let Committed { references, patterns, networks, .. } = committed;
    let references = references.iter().map(|run| rows(run, &run.host));
    let surveys = [(patterns, "all patterns"), (networks, "all networks")];
    let surveys = surveys.map(|(run, what)| rows(run, &format!("{}, {what}", run.host)));
    FigureTable {
        section: Some("machine"),
        ..FigureTable::across(
            "claims",
            "How far is what was measured from what the study claims?",
            "over PyTorch (C5: over the other networks), one thread \u{b7} star: the abstract\u{2019}s number, or the least that we take it to mean \u{b7} hollow: fewer than 3 rounds, or a busy host",
            "Mark: the number that a check is judged by, with its 95 % interval; star: what the study\u{2019}s abstract \
             says, or the least that formbench takes it to mean. C3 is about correlations: figure \
             `macs-l3-latency`.",
            references.chain(surveys).flatten().collect(),
        )
    }
}

/// Returns the checks of a run that are judged by a ratio, each number once.
fn rows(run: &CommittedRun, section: &str) -> Vec<Row> {
    let of_study = run.verdicts.iter().filter(|one| one.interpretation == INTERPRETATION);
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

/// Draws the table as a forest plot, a line where nothing is gained and nobody leads.
pub(super) fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: "Ratio that each check is judged by, logarithmic axis; gains most, is fastest: above 1, it is the \
                       first"
                .to_string(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: |_| None,
            crowded: true,
            greyed: |_| false,
            stepped: false,
        },
    )
}
