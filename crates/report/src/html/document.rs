use std::collections::BTreeSet;

use formbench_analysis::{number::counted, set::sets};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::set_id;
use super::filter;
use super::machine::{in_short, instant};
use super::picture;
use super::{Report, Section};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Nothing may be loaded: the page is whole.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:";

/// Returns the whole page.
pub(super) fn document(report: &Report<'_>, sections: &[Section], command: &str) -> Markup {
    let title = format!("formbench: {}", report.run.host.run);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                link rel="icon" href="data:,";
                title { (title) }
                style { "\n" (PreEscaped(STYLE)) }
            }
            "\n"
            body {
                a.skip href="#main" { "Skip to the results" }
                (header(report))
                (contents(report, sections))
                main #main tabindex="-1" {
                    (filter::bar(report))
                    @for section in sections { (section.markup()) }
                }
                (footer(command))
                script { "\n" (PreEscaped(SCRIPT)) }
            }
        }
        "\n"
    }
}

fn header(report: &Report<'_>) -> Markup {
    let host = &report.run.host;
    let measured = report.cells.iter().filter(|cell| cell.samples > 0);
    let engines: BTreeSet<&str> = (measured.clone())
        .filter_map(|cell| Some(report.run.cells.get(&cell.cell)?.engine.as_str()))
        .collect();
    let samples = report.cells.iter().map(|cell| cell.samples).sum();
    html! {
        header {
            h1 { "How much each engine speeds up each architecture" }
            p { (in_short(host)) "; profile " (host.profile) "; begun " (instant(host.started_unix_ns)) "." }
            p {
                (counted(measured.count(), "cell")) " measured on "
                (counted(engines.len(), "engine")) " with " (counted(samples, "sample")) ", "
                (report.refusals.cells()) " refused in some or all rounds. Run "
                code { (host.run) } "."
            }
        }
        "\n"
    }
}

fn contents(report: &Report<'_>, sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ol {
                @for section in sections {
                    li {
                        a href={ "#" (section.id) } { (section.heading) }
                        @if section.id == "figures" { (sets_and_figures(report)) }
                    }
                }
            }
        }
        "\n"
    }
}

fn sets_and_figures(report: &Report<'_>) -> Markup {
    let of = |set| report.drawn.iter().filter(move |drawn| drawn.table.set == set);
    html! {
        ol {
            @for set in sets(report.run).into_keys() {
                li {
                    a href={ "#" (set_id(set)) } { (set) }
                    ol {
                        @for drawn in of(set) {
                            li {
                                a href={ "#" (picture::id(&drawn.table)) } { (drawn.table.figure) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn footer(command: &str) -> Markup {
    html! {
        footer {
            p { "A function of the data alone; remade by " code { (command) } "." }
        }
        "\n"
    }
}
