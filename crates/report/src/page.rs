use formbench_analysis::figure_numbers::FigureNumbers;
use formbench_analysis::{
    Absence, DisturbedBlocks, RESULTS, ReasonCount, Run, Verdict,
    gpu::in_place_of_a_gpu,
    number::{counted, grouped, percent},
    set::sets,
    text::capital,
};

use crate::FigureTable;
use crate::markdown::{cell_text, engines, escaped, machine};
use crate::rendered_figure::RenderedFigure;
use crate::theme::WIDTH;
use crate::verdicts_page::{verdicts_in_full, verdicts_in_short};

/// Rows that a table may have before it is folded.
const MOST_ROWS: usize = 20;
/// Architectures that an absence names before it counts.
const MOST_NAMES: usize = 4;

/// Returns the page of all figures as Markdown: the matrix of verdicts; the pictures with their captions; the numbers
/// of each and what is absent; then what each check found, disturbed blocks, engines and machine.
pub(crate) fn page(
    run: &Run,
    verdicts: &[Verdict],
    drawn: &[RenderedFigure],
    command: &str,
) -> String {
    let mut page = format!("{}{}", head(verdicts, command), gpu_half(run));
    if !verdicts.is_empty() {
        page.push_str(&format!("\n## Verdicts\n\n{}", verdicts_in_short(verdicts)));
    }
    page.push_str("\n## Figures\n");
    for (set, experiments) in sets(run) {
        page.push_str(&format!("\n### {set}\n\n"));
        for experiment in experiments {
            let question = cell_text(&experiment.question);
            page.push_str(&format!("- `{}`: {question}\n", experiment.experiment));
        }
        for RenderedFigure { table, .. } in drawn.iter().filter(|drawn| drawn.table.set == set) {
            page.push_str(&picture(table));
        }
    }
    page.push_str(&format!(
        "\n## Numbers\n\nEvery cell, a row each: [{RESULTS}]({RESULTS}); \
         [report.html](report.html) sorts and filters.\n"
    ));
    for RenderedFigure { table, .. } in drawn {
        page.push_str(&numbers_of(table));
    }
    if !verdicts.is_empty() {
        page.push_str(&format!("\n## Every check\n\n{}", verdicts_in_full(verdicts)));
    }
    page.push_str(&disturbance(run));
    page.push_str(&format!("\n## Engines\n\n{}", engines(run)));
    page.push_str(&format!("\n## Machine\n\n{}", machine(run)));
    page
}

fn head(verdicts: &[Verdict], command: &str) -> String {
    let of = if verdicts.is_empty() { "the data alone" } else { "the data and the claims" };
    format!(
        "# Figures\n\nGenerated, and a function of {of}: `{command}` makes the same bytes again. \
         Numbers are estimates with 95 % intervals, unless a figure says otherwise.\n"
    )
}

/// Returns that no GPU was measured, if so, and what was found in its place.
fn gpu_half(run: &Run) -> String {
    let Some(found) = in_place_of_a_gpu(run) else {
        return String::new();
    };
    let found = if found.is_empty() {
        String::new()
    } else {
        let names = cell_text(&found.join(", "));
        format!(" The adapter at hand, {names}, is software that the processor executes: no GPU.")
    };
    format!(
        "\n**The GPU half of the study has not been measured:** no cell of this run has samples on a \
         GPU.{found}\n"
    )
}

/// Returns how many blocks are left out of all numbers, and why; nothing of a run without blocks.
fn disturbance(run: &Run) -> String {
    let disturbed = DisturbedBlocks::of(run);
    let counts = disturbed.counts();
    if counts.blocks == 0 {
        return String::new();
    }
    let row = |one: &ReasonCount| {
        let share = percent(one.share);
        format!("| {} | {} | {} | {share} |\n", one.reason, one.meaning, grouped(one.blocks))
    };
    let hardest = disturbed.hit_hardest().map_or_else(String::new, |(engine, share)| {
        format!("\nHit hardest: {}, {} of its blocks.\n", cell_text(engine), percent(share))
    });
    let rows: String = match counts.disturbed {
        0 => String::new(),
        _ => {
            let rows: String = counts.reasons.iter().map(row).collect();
            format!(
                "\n| reason | a block is disturbed if | blocks | share |\n|---|---|--:|--:|\n{rows}"
            )
        }
    };
    format!("\n## Disturbed blocks\n\n{}.\n{rows}{hardest}", capital(&counts.text()))
}

/// Returns a figure's picture and caption, or why it has none.
fn picture(table: &FigureTable) -> String {
    let FigureTable { set, figure, question, caption, .. } = table;
    if let Some(why) = &table.omitted {
        return format!("\n**{figure}** is not drawn: {}.\n", cell_text(why));
    }
    let file = format!("{set}/{figure}");
    let alt = question.replace('<', "&lt;").replace('"', "&quot;");
    let question = cell_text(question);
    let picture = format!("<img src=\"{file}.png\" width=\"{WIDTH}\" alt=\"{alt}\">");
    let caption = cell_text(caption);
    format!(
        "\n#### {figure}\n\n{question}\n\n{picture}\n\n{caption} · [numbers](#{}) · [SVG]({file}.svg)\n",
        anchor(table)
    )
}

fn heading(FigureTable { set, figure, .. }: &FigureTable) -> String {
    format!("{set}: {figure}")
}

/// Returns where the numbers of a figure are on the page, as Markdown viewers name headings.
fn anchor(table: &FigureTable) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading(table).to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

/// Returns how a figure is to be read, its numbers and what is absent.
fn numbers_of(table: &FigureTable) -> String {
    let heading = heading(table);
    let reading = cell_text(&table.reading);
    let numbers = folded(&numbers(table), table.rows.len());
    format!("\n### {heading}\n\n{reading}\n{numbers}{}", absences(&table.absences))
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
    let FigureNumbers { columns, rows } = table.numbers();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let rules = columns.iter().map(|column| if column.is_number { "--:" } else { "---" });
    let head = format!("| {} |\n|{}|\n", names.join(" | "), rules.collect::<Vec<_>>().join("|"));
    rows.iter().fold(head, |text, row| text + &numbers_row(row))
}

fn numbers_row(row: &[String]) -> String {
    let cells: Vec<_> = row.iter().map(|text| escaped(text)).collect();
    format!("| {} |\n", cells.join(" | "))
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
