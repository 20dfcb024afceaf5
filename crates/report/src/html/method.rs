use formbench_analysis::number::grouped;
use formbench_statistics::Bootstrap;
use formbench_store::ExperimentRow;
use maud::{Markup, html};

use super::Report;
use super::table::{Column, Field, Line, Table, table};
use super::text::url;

/// Returns the method in a few sentences, and what each experiment asked for.
pub(super) fn body(report: &Report<'_>) -> Markup {
    html! {
        p {
            "One sample is one inference: from images in host memory to logits that can be read in \
             host memory. Loading, compiling and the first inference are timed apart, and samples \
             begin after a warm-up. Every round starts a fresh process for each cell, and the \
             engines take turns within a round, in an order that changes from round to round, so \
             that drift hits all alike."
        }
        p {
            "A latency is the median over rounds of the rounds' medians. A speed-up is the \
             baseline's latency over the engine's, paired within rounds; several cells are summed up \
             by their geometric mean. Intervals are those of a bootstrap that draws rounds (of a single \
             round its turns), with " (grouped(Bootstrap::default().resamples as usize)) " resamples. \
             No sample is dropped as an outlier. Before anything is timed, the engine's logits are \
             compared with the reference engine's; a cell outside the tolerance is refused. Ratios on \
             another machine may differ."
        }
        p { "All of it, with what was rejected and what these numbers cannot say: " (link(report)) "." }
        (table(&experiments(&report.run.experiments)))
    }
}

fn link(report: &Report<'_>) -> Markup {
    const NAME: &str = "experiments/METHODOLOGY.md";
    match &report.supplement.links.method {
        Some(path) => html! { a href=(url(path)) { (NAME) } },
        None => html! { code { (NAME) } },
    }
}

fn experiments(rows: &[ExperimentRow]) -> Table {
    let words =
        [Column::words("experiment"), Column::sentences("question"), Column::words("baseline")];
    let numbers = ["rounds", "blocks", "warm-up s", "interval within ± %"].map(Column::number);
    Table {
        id: "experiments-table".to_string(),
        caption: "Experiments, with their budget as it was decided before the run".to_string(),
        columns: words.into_iter().chain(numbers).collect(),
        lines: rows.iter().map(line).collect(),
    }
}

fn line(row: &ExperimentRow) -> Line {
    let stand_in = if row.stand_in { ", absent here: another stands in" } else { "" };
    let fields = vec![
        Field::text(&row.experiment),
        Field::text(&row.question),
        Field::text(&format!("{}{stand_in}", row.baseline)),
        Field::text(&row.rounds.to_string()),
        Field::text(&row.blocks.to_string()),
        Field::text(&(row.warm_up_ns as f64 / 1e9).to_string()),
        Field::text(&(100.0 * row.ratio_half_width).to_string()),
    ];
    Line { fields, ..Line::default() }
}
