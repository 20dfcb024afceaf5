use formbench_analysis::{
    CellNumbers,
    number::{alike, grouped, significant},
    series::engine_label,
};
use formbench_store::CellRow;
use maud::{Markup, html};

use super::Report;
use super::table::{Column, Field, Keys, Line, Table, table};

/// Returns the table of every cell.
pub(super) fn body(report: &Report<'_>) -> Markup {
    // Runs of version 0.1 did not look what the host was like.
    let is_known = report.cells.iter().any(|numbers| numbers.found.is_some());
    let rows = report.cells.iter().filter_map(|numbers| {
        let cell = report.run.cells.get(&numbers.cell)?;
        Some(line(report, cell, numbers, is_known))
    });
    let settings = ["architecture", "engine", "options"].map(Column::words);
    let numbers = ["threads", "pixels", "median ms", "speed-up"].map(Column::number);
    let interval = [Column::words("interval")];
    let more = ["p90, p99 ms", "load, first ms", "memory MiB"].map(Column::number);
    let host = [Column::words("host"), Column::number("without contention")];
    let reasons = ["over", "refusal"].map(Column::words);
    let counts = ["rounds", "samples", "batch"].map(Column::number);
    let all = Table {
        id: "cells-table".to_string(),
        caption: "Every cell".to_string(),
        columns: settings
            .into_iter()
            .chain(numbers)
            .chain(interval)
            .chain(host.into_iter().filter(|_| is_known))
            .chain(more)
            .chain(reasons)
            .chain(counts)
            .collect(),
        lines: rows.collect(),
    };
    html! {
        p {
            "The numbers of " code { "formbench show --json" } " and of " code { "results.csv" } ", beside this page. \
             Percentiles are of all inferences that count; load and first inference are medians over processes, memory \
             is the most of a worker. Brackets hold 95 % intervals; a \
             speed-up is how many times faster the engine is than the one under " i { "over" } "; its \
             interval is " i { "wide" } " where it is wider than the experiment asks for."
            @if is_known {
                " Numbers are of turns on a " i { "quiet" } " host, or " i { "as found" } " where those are \
                 too few; a line through all turns says what the speed-up would be without contention."
            }
        }
        (table(&all))
    }
}

fn line(report: &Report<'_>, cell: &CellRow, numbers: &CellNumbers, is_known: bool) -> Line {
    let count = |count: usize| Field::text(&grouped(count));
    let number =
        |number: Option<u32>| number.map_or_else(|| Field::text(""), |it| count(it as usize));
    let host =
        [Field::text(numbers.found.unwrap_or_default()), interval(numbers.without_contention)];
    let before = [
        Field::text(&numbers.architecture),
        Field::text(&engine(cell)),
        Field::text(&options(cell)),
        count(cell.threads as usize),
        number(cell.resolution),
        interval(numbers.median_ms),
        interval(numbers.speed_up),
        Field::text(if numbers.wide == Some(true) { "wide" } else { "" }),
    ];
    let after = [
        Field::text(numbers.over.as_deref().unwrap_or_default()),
        refusal(report, numbers),
        count(numbers.rounds),
        count(numbers.samples),
        number(cell.batch),
    ];
    let host = host.into_iter().filter(|_| is_known);
    let more = [
        together(&[numbers.p90_ms, numbers.p99_ms]),
        together(&[numbers.load_ms, numbers.first_inference_ms]),
        together(&[numbers.peak_memory_mib]),
    ];
    let fields = before.into_iter().chain(host).chain(more).chain(after).collect();
    let keys = Keys {
        engines: vec![cell.engine.clone()],
        architectures: vec![numbers.architecture.clone()],
        threads: vec![cell.threads],
    };
    Line { id: Some(format!("cell-{}", numbers.cell)), keys, fields }
}

/// Returns the engine without its options; a software adapter is named and never called a GPU.
fn engine(cell: &CellRow) -> String {
    engine_label(&CellRow { options: "{}".to_string(), ..cell.clone() })
}

fn options(cell: &CellRow) -> String {
    let label = cell.engine_label();
    let options = label.strip_prefix(&cell.engine).unwrap_or_default();
    options.trim_start_matches('{').trim_end_matches('}').replace(',', ", ")
}

fn interval(estimate: Option<[f64; 3]>) -> Field {
    estimate.map_or_else(Field::empty, |numbers| {
        let [value, low, high] = alike(numbers, 4);
        let text = if numbers[1] < numbers[2] { format!("{value} [{low}, {high}]") } else { value };
        Field::number(&text, &numbers)
    })
}

/// Returns numbers in one field, sorted by the first: a browser's time is in proportion to the fields of a table.
fn together(numbers: &[Option<f64>]) -> Field {
    let known: Vec<f64> = numbers.iter().copied().flatten().collect();
    let texts: Vec<String> = known.iter().map(|number| significant(*number, 3)).collect();
    if known.is_empty() { Field::empty() } else { Field::number(&texts.join(", "), &known) }
}

fn refusal(report: &Report<'_>, numbers: &CellNumbers) -> Field {
    let Some(refused) = &numbers.refusal else {
        return Field::empty();
    };
    let kind = refused.kind.label();
    Field::markup(match report.refusals.id(refused) {
        Some(id) => html! { a href={ "#" (id) } { (kind) } },
        None => html! { (kind) },
    })
}
