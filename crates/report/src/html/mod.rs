//! The page in HTML: one file without a network, from `file://`, with everything that a run can
//! show.
//!
//! Everything can be read without JavaScript; with it, tables are sorted and filtered.

mod cells;
mod data;
mod disturbed;
mod document;
mod figures;
mod filter;
mod machine;
mod method;
mod picture;
mod refusals;
mod self_test;
mod supplement;
mod table;
mod text;
mod verdicts;

use formbench_analysis::{CellNumbers, Run, cell_numbers};
use maud::{Markup, html};

use crate::rendered_figure::RenderedFigure;
use refusals::Refusals;

pub use supplement::{Links, Supplement, VerdictRow};

/// What every section looks at.
struct Report<'a> {
    run: &'a Run,
    drawn: &'a [RenderedFigure],
    supplement: &'a Supplement,
    /// Of the cells that some experiment has, in the order of `cell_numbers`.
    cells: Vec<CellNumbers>,
    refusals: Refusals<'a>,
}

/// A part of the page with a heading of its own.
struct Section {
    id: &'static str,
    heading: &'static str,
    body: Markup,
}

/// Returns the page; `command` is the command that it names to remake it.
pub(crate) fn page(
    run: &Run,
    drawn: &[RenderedFigure],
    command: &str,
    supplement: &Supplement,
) -> String {
    let cells = cell_numbers(run, |_| true);
    let refusals = Refusals::of(run, &formbench_analysis::cells::members(run));
    let report = Report { run, drawn, supplement, cells, refusals };
    document::document(&report, &sections(&report), command).into_string()
}

/// Returns the sections that have something to show, in the order of the page.
fn sections(report: &Report<'_>) -> Vec<Section> {
    let section = |id, heading, body: Option<Markup>| Some(Section { id, heading, body: body? });
    let sections = [
        section("verdicts", "What is claimed, and what holds here", verdicts::body(report)),
        section("figures", "Figures", figures::body(report)),
        section("cells", "Every cell", Some(cells::body(report))),
        section("machine", "The machine", Some(machine::body(report))),
        section("method", "How it was measured", Some(method::body(report))),
        section("self-test", "Does the harness measure right?", Some(self_test::body(report))),
        section("refusals", "What was refused, and why", Some(refusals::body(report))),
        section("disturbed", "Disturbed blocks", disturbed::body(report)),
        section("data", "The data", Some(data::body(report))),
    ];
    sections.into_iter().flatten().collect()
}

impl Section {
    fn markup(&self) -> Markup {
        let heading_id = format!("{}-heading", self.id);
        html! {
            section id=(self.id) aria-labelledby=(heading_id) {
                h2 id=(heading_id) { (self.heading) }
                (self.body)
            }
            "\n"
        }
    }
}
