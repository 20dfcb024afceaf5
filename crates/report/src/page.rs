use std::collections::BTreeSet;

use formbench_protocol::DeviceKind;
use formbench_store::CellRow;

use crate::number::{counted, grouped, percent, significant};
use crate::set::sets;
use crate::theme::WIDTH;
use crate::{Absence, FigureTable, FoundWidth, Row, Run, Unit};

/// Rows that a table may have before it is folded.
const MOST_ROWS: usize = 20;
/// Architectures that an absence names before it counts.
const MOST_NAMES: usize = 4;

/// Returns the page of all figures as Markdown: picture, question, caption, numbers, what is
/// absent, and the command that remakes it.
pub(crate) fn page(run: &Run, tables: &[FigureTable], command: &str) -> String {
    let mut page = format!("{}\n{}{}", head(command), machine(run), gpu_half(run));
    for (set, experiments) in sets(run) {
        page.push_str(&format!("\n## {set}\n\n"));
        for experiment in experiments {
            let question = cell_text(&experiment.question);
            page.push_str(&format!("- `{}`: {question}\n", experiment.experiment));
        }
        for table in tables.iter().filter(|table| table.set == set) {
            page.push_str(&figure(table, command));
        }
    }
    page
}

fn head(command: &str) -> String {
    format!(
        "# Figures\n\nGenerated, and a function of the data alone: `{command}` makes the same \
         bytes again. Numbers are estimates with 95 % intervals.\n"
    )
}

fn machine(run: &Run) -> String {
    let host = &run.host;
    let rows = [
        ("run", host.run.clone()),
        ("profile", host.profile.clone()),
        ("processor", host.cpu_model.clone()),
        ("logical cores", host.logical_cores.to_string()),
        ("memory", format!("{} GiB", significant(host.memory_bytes as f64 / GIB, 3))),
        ("system", format!("{}, kernel {}", host.os, host.kernel)),
        ("formbench", format!("{}, built by {}", host.harness_version, host.rustc)),
    ];
    let rows = rows.iter().map(|(name, value)| format!("| {name} | {} |\n", cell_text(value)));
    format!("| machine | |\n|---|---|\n{}", rows.collect::<String>())
}

/// Returns that no GPU was measured, if so, and what was found in its place.
fn gpu_half(run: &Run) -> String {
    use DeviceKind::{DiscreteGpu, IntegratedGpu, SoftwareAdapter, VirtualGpu};
    let gpus = [DiscreteGpu, IntegratedGpu, VirtualGpu].map(DeviceKind::label);
    let measured = |cell: &CellRow| run.latencies.contains_key(&cell.cell);
    let is_gpu = |cell: &CellRow| gpus.contains(&cell.device_kind.as_str());
    if run.cells.values().any(|cell| is_gpu(cell) && measured(cell)) {
        return String::new();
    }
    let software = run.cells.values().filter(|c| c.device_kind == SoftwareAdapter.label());
    let found: BTreeSet<&str> = software.map(|cell| cell.device.as_str()).collect();
    let found = match found.is_empty() {
        true => String::new(),
        false => {
            let names = cell_text(&found.into_iter().collect::<Vec<_>>().join(", "));
            format!(
                " The adapter at hand, {names}, is software that the processor executes: no GPU."
            )
        }
    };
    format!(
        "\n**The GPU half of the study has not been measured:** no cell of this run has samples on a \
         GPU.{found}\n"
    )
}

const GIB: f64 = (1_u64 << 30) as f64;

fn figure(table: &FigureTable, command: &str) -> String {
    let FigureTable { set, figure, question, caption, .. } = table;
    let file = format!("{set}/{figure}");
    let picture = format!("<img src=\"{file}.png\" width=\"{WIDTH}\" alt=\"{question}\">");
    let caption = cell_text(caption);
    let made = format!("[SVG]({file}.svg) · [PNG]({file}.png) · remade by `{command}`");
    let mut text = format!("\n### {figure}\n\n{question}\n\n{picture}\n\n{caption}\n\n{made}\n");
    text.push_str(&folded(&numbers(table), table.rows.len()));
    text.push_str(&absences(&table.absences));
    text
}

fn folded(table: &str, rows: usize) -> String {
    if rows <= MOST_ROWS {
        return format!("\n{table}");
    }
    let count = counted(rows, "row");
    format!("\n<details><summary>The numbers: {count}</summary>\n\n{table}\n</details>\n")
}

fn numbers(table: &FigureTable) -> String {
    if table.rows.is_empty() {
        return "No numbers: no cell can be shown.\n".to_string();
    }
    let unit = table.unit.sign().trim();
    let section = table.section.map(|section| (section.to_string(), "---"));
    let x = table.x.map(|x| (x.to_string(), "--:"));
    let found = [("width", "--:"), ("off by", "--:")].map(|(name, rule)| (name.to_string(), rule));
    let is_matched = table.rows.iter().any(|row| row.matched.is_some());
    let columns = section
        .into_iter()
        .chain([(table.group.to_string(), "---"), ("engine".to_string(), "---")])
        .chain(found.into_iter().filter(|_| is_matched))
        .chain(x)
        .chain([unit, "low", "high", "cells", "rounds", "samples"].map(|n| (n.to_string(), "--:")));
    let (names, rules): (Vec<_>, Vec<_>) = columns.unzip();
    let head = format!("| {} |\n|{}|\n", names.join(" | "), rules.join("|"));
    table.rows.iter().fold(head, |text, row| text + &numbers_row(table.unit, row))
}

fn numbers_row(unit: Unit, row: &Row) -> String {
    let [value, low, high] = unit.texts(row, 4);
    let section = row.section.as_ref().map_or_else(String::new, |section| format!(" {section} |"));
    let found = row.matched.map_or_else(String::new, |FoundWidth { channels, difference }| {
        format!(" {channels} | {} |", percent(difference))
    });
    let x = row.x.map_or_else(String::new, |x| format!(" {x} |"));
    let cells = if row.cells == row.cells_asked {
        row.cells.to_string()
    } else {
        format!("{} of {}", row.cells, row.cells_asked)
    };
    format!(
        "|{section} {} | {} |{found}{x} {value} | {low} | {high} | {cells} | {} | {} |\n",
        row.architecture.as_ref().map_or(&row.group, |one| &one.label),
        cell_text(&row.series.label),
        row.rounds,
        grouped(row.samples)
    )
}

fn absences(absences: &[Absence]) -> String {
    if absences.is_empty() {
        return String::new();
    }
    let head =
        "\n| absent | cells | which | reason | remedy |\n|---|--:|---|---|---|\n".to_string();
    absences.iter().fold(head, |text, absence| text + &absence_row(absence))
}

fn absence_row(absence: &Absence) -> String {
    let named = absence.architectures.iter().take(MOST_NAMES).map(String::as_str);
    let mut which = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = absence.architectures.len().checked_sub(MOST_NAMES).filter(|more| *more > 0)
    {
        which.push_str(&format!(" and {more} more"));
    }
    if absence.drawn > 0 {
        which.push_str(&format!("; {} drawn from fewer rounds", absence.drawn));
    }
    let reason = format!("{}: {}", absence.kind, absence.reason);
    let remedy = absence.remedy.as_deref().unwrap_or("none known");
    let [engine, reason, remedy] = [&absence.engine, &reason, remedy].map(cell_text);
    format!("| {engine} | {} | {which} | {reason} | {remedy} |\n", absence.cells)
}

/// Returns a text as Markdown that stays within its cell and means nothing but itself.
fn cell_text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_")
}
