//! The page of hosts side by side.

mod numbers;
mod verdicts;

use formbench_analysis::hosts::{HostFacts, HostFamily, SideBySide};
use formbench_analysis::number::{counted, grouped};
use formbench_analysis::text::capital;

use super::Section;
use crate::FigureTable;
use crate::markdown::cell_text;
use crate::theme::WIDTH;

/// Hosts that the table names at most.
const MOST_HOSTS: usize = 100;

/// Returns the page as Markdown: the hosts, the matrix of verdicts, and for each baseline its figures and numbers. `command`
/// is what remakes it.
pub(super) fn page(of: &SideBySide, sections: &[Section<'_>], command: &str) -> String {
    let mut page = format!(
        "# Hosts side by side\n\nGenerated, and a function of the data and the claims: `{command}` makes the same bytes \
         again.\n\nA host is a kind of machine: runs of one processor, number of processors and caches are of one host. Of \
         several runs of a host the latest that has a comparison says its speed-up, and the latest of those that can \
         judge most checks of a claim its verdict; nothing is averaged over runs. Engines of other versions are other engines, named with their \
         version.{}\n",
        harnesses(of)
    );
    page.push_str(&format!("\n## Hosts\n\n{}", hosts(of)));
    page.push_str(&verdicts::matrix(of));
    for section in sections {
        page.push_str(&self::section(of, section));
    }
    page + &alone(of)
}

fn harnesses(of: &SideBySide) -> &'static str {
    if of.has_several_harnesses() {
        " **Versions of formbench differ between these runs**, and measure differently: what differs between hosts may be \
         that."
    } else {
        ""
    }
}

fn hosts(of: &SideBySide) -> String {
    let head = "| host | processor | processors | machines | runs | cells | speed-ups | formbench | engines |\n\
                |---|---|--:|--:|--:|--:|--:|---|---|\n";
    let rows: String = of.hosts.iter().take(MOST_HOSTS).map(host).collect();
    let more = match of.hosts.len().checked_sub(MOST_HOSTS) {
        None | Some(0) => String::new(),
        Some(more) => format!("\nAnd {}.\n", counted(more, "host")),
    };
    format!("{head}{rows}{more}")
}

fn host(one: &HostFacts) -> String {
    let machines = if one.machines == 0 { String::new() } else { one.machines.to_string() };
    let engines = cell_text(&one.engines().join(", "));
    let [name, processor] = [&one.host, &one.cpu_model].map(|text| cell_text(text));
    format!(
        "| {name} | {processor} | {} | {machines} | {} | {} | {} | {} | {engines} |\n",
        one.logical_cores,
        one.runs.len(),
        grouped(one.cells),
        grouped(one.speed_ups),
        one.harness(),
    )
}

fn section(of: &SideBySide, Section { family, figures }: &Section<'_>) -> String {
    let mut text = format!("\n## {}\n", capital(&cell_text(&family.title())));
    for table in figures {
        text.push_str(&picture(table));
    }
    text + &numbers::agreement(of, family)
        + &numbers::parts(of, family)
        + &numbers::speed_ups(of, family)
}

/// Returns a figure's picture and caption, or why it has none.
fn picture(table: &FigureTable) -> String {
    let FigureTable { set, figure, question, caption, reading, .. } = table;
    if let Some(why) = &table.omitted {
        return format!("\n**{figure}** is not drawn: {}.\n", cell_text(why));
    }
    let file = format!("{set}/{figure}");
    let [question, caption, reading] = [question, caption, reading].map(|text| cell_text(text));
    format!(
        "\n### {figure}\n\n{question}\n\n<img src=\"{file}.png\" width=\"{WIDTH}\" alt=\"{question}\">\n\n{caption} · \
         [SVG]({file}.svg)\n\n{reading}\n"
    )
}

/// Returns what only one host has, in a line for each baseline.
fn alone(of: &SideBySide) -> String {
    let unshared = of.families.iter().filter(|family| family.spreads.is_empty());
    let line = |family: &HostFamily| {
        format!("- {}: {}\n", cell_text(&family.title()), counted(family.alone, "speed-up"))
    };
    let lines: String = unshared.map(line).collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\n## What only one host has\n\n{lines}")
}
