use formbench_store::TABLES;
use maud::{Markup, html};

use super::Report;
use super::text::{prose, url};

/// Returns where the raw data lie.
pub(super) fn body(report: &Report<'_>) -> Markup {
    let links = &report.supplement.links;
    let tables = TABLES.iter().filter(|table| links.tables.contains(&table.name));
    html! {
        p {
            "Everything above is computed from the run's tables, in Parquet: raw values only, one row "
            "per sample. DuckDB, pandas and polars read them."
        }
        @if let Some(folder) = &links.run {
            ul.tables {
                @for table in tables {
                    @let file = format!("{}.parquet", table.name);
                    li {
                        a href=(url(&format!("{folder}/{file}"))) { (file) } " "
                        (prose(table.meaning))
                    }
                }
            }
        }
    }
}
