use std::collections::BTreeSet;

use formbench_analysis::order::engine_order;
use maud::{Markup, html};

use super::Report;

/// Returns the one filter of all tables. It is hidden until the script that makes it work shows it.
pub(super) fn bar(report: &Report<'_>) -> Markup {
    let cells = || report.cells.iter().filter_map(|one| report.run.cells.get(&one.cell));
    let engines: BTreeSet<(usize, &str)> =
        cells().map(|cell| (engine_order(&cell.engine), cell.engine.as_str())).collect();
    let threads: BTreeSet<u32> = cells().map(|cell| cell.threads).collect();
    let architectures: BTreeSet<&str> =
        report.cells.iter().map(|one| one.architecture.as_str()).collect();
    html! {
        form #filter role="search" aria-label="Filter of all tables" hidden {
            label { span { "Engine" }
                select name="engine" {
                    option value="" { "all" }
                    @for (_, engine) in engines { option { (engine) } }
                }
            }
            label { span { "Architecture contains" }
                input type="search" name="architecture" list="architectures" autocomplete="off"
                    spellcheck="false";
            }
            label { span { "Threads" }
                select name="threads" {
                    option value="" { "all" }
                    @for count in threads { option { (count) } }
                }
            }
            button type="reset" { "Show all" }
            p #shown role="status" aria-live="polite" {}
            datalist #architectures {
                @for name in architectures { option value=(name) {} }
            }
        }
        "\n"
    }
}
