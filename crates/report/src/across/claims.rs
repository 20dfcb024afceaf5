//! How far is what was measured from what the study claims? One part per run, one row per check with a ratio, one mark
//! per engine and one for the study.
//! Reads: verdicts. Axis: ratio, logarithmic, from 1.

use formbench_analysis::claim::judged_ratios;

use crate::canvas::Canvas;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{Committed, FigureTable, ReportError};

/// Everything the figure says, by run, check and engine.
pub(super) fn table(committed: &Committed) -> FigureTable {
    let Committed { references, patterns, sizes, networks, .. } = committed;
    let references = references.iter().map(|run| judged_ratios(&run.verdicts, &run.host));
    let surveys = [
        (sizes, "all patterns by depth and width"),
        (patterns, "all patterns at equal cost"),
        (networks, "all networks"),
    ];
    let surveys =
        surveys.map(|(run, what)| judged_ratios(&run.verdicts, &format!("{}, {what}", run.host)));
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
