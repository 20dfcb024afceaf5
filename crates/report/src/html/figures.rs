use formbench_analysis::figure_numbers::FigureColumn;
use formbench_analysis::{Absence, Row, number::counted, set::sets};
use maud::{Markup, html};

use formbench_store::ExperimentRow;

use super::Report;
use super::picture::{id, picture};
use super::table::{Column, Field, Keys, Line, Table, table};
use super::text::{prose, slug};
use crate::FigureTable;
use crate::rendered_figure::RenderedFigure;

/// Rows that a table may have before it is folded.
const MOST_ROWS: usize = 20;

/// Returns every figure by set, if there is any.
pub(super) fn body(report: &Report<'_>) -> Option<Markup> {
    (!report.drawn.is_empty()).then(|| {
        html! {
            @for (set, experiments) in sets(report.run) { (of_set(report, set, &experiments)) }
        }
    })
}

/// Returns the `id` of a set's heading.
pub(super) fn set_id(set: &str) -> String {
    format!("set-{}", slug(set))
}

fn of_set(report: &Report<'_>, set: &str, experiments: &[&ExperimentRow]) -> Markup {
    let figures = report.drawn.iter().filter(|drawn| drawn.table.set == set);
    html! {
        h3 id=(set_id(set)) { (set) }
        ul.questions {
            @for row in experiments { li { (prose(&row.question)) " " code { (row.experiment) } } }
        }
        @for drawn in figures { (figure(drawn)) }
    }
}

fn figure(drawn: &RenderedFigure) -> Markup {
    let table = &drawn.table;
    html! {
        article.figure id=(id(table)) aria-labelledby={ (id(table)) "-heading" } {
            h4 id={ (id(table)) "-heading" } { (table.question) " " code { (table.figure) } }
            @match (&drawn.svg, &table.omitted) {
                (Some(svg), _) => figure { (picture(table, svg)) figcaption { (prose(&table.caption)) } },
                (None, Some(why)) => p { "Not drawn: " (prose(why)) "." },
                (None, None) => {},
            }
            p.reading { (prose(&table.reading)) }
            (numbers(table))
            (absences(table))
        }
        "\n"
    }
}

fn numbers(of: &FigureTable) -> Markup {
    if of.rows.is_empty() {
        return html! { p { "No numbers: no cell can be shown." } };
    }
    let numbers = of.numbers();
    let column = |column: &FigureColumn| {
        if column.is_number { Column::number(&column.name) } else { Column::words(&column.name) }
    };
    let lines = of.rows.iter().zip(&numbers.rows).map(|(row, texts)| line(of, row, texts));
    let as_table = Table {
        id: format!("{}-numbers", id(of)),
        caption: format!("Numbers of {}/{}", of.set, of.figure),
        columns: numbers.columns.iter().map(column).collect(),
        lines: lines.collect(),
    };
    folded("The numbers", of.rows.len(), table(&as_table))
}

fn line(table: &FigureTable, row: &Row, texts: &[String]) -> Line {
    // Rows that sum up, attributes and choices stand for many architectures.
    let is_architecture = !row.summary && !["attribute", "chosen for"].contains(&table.group);
    let keys = Keys {
        engines: vec![row.series.engine.clone()],
        architectures: is_architecture.then(|| row.name().to_string()).into_iter().collect(),
        threads: vec![row.series.threads],
    };
    Line { keys, id: None, fields: texts.iter().map(|text| Field::text(text)).collect() }
}

fn absences(of: &FigureTable) -> Markup {
    if of.absences.is_empty() {
        return html! {};
    }
    let [architectures, reason, remedy] =
        ["architectures", "reason", "remedy"].map(Column::sentences);
    let as_table = Table {
        id: format!("{}-absent", id(of)),
        caption: format!("Absent from {}/{}", of.set, of.figure),
        columns: vec![
            Column::words("engine"),
            Column::number("cells"),
            architectures,
            reason,
            remedy,
        ],
        lines: of.absences.iter().map(absence).collect(),
    };
    let cells = of.absences.iter().map(|absence| absence.cells).sum();
    html! {
        details {
            summary { "Absent: " (counted(cells, "cell")) }
            (table(&as_table))
        }
    }
}

fn absence(absence: &Absence) -> Line {
    let mut which = absence.architectures.join(", ");
    if absence.drawn > 0 {
        which.push_str(&format!("; {} drawn from fewer rounds", absence.drawn));
    }
    let fields = vec![
        Field::text(&absence.engine),
        Field::text(&absence.cells.to_string()),
        Field::text(&which),
        Field::text(&format!("{}: {}", absence.kind, absence.reason)),
        Field::text(absence.remedy.as_deref().unwrap_or("none known")),
    ];
    // The label begins with the registry name; what follows are options and device.
    let engine = absence.engine.split(['{', ' ']).next().unwrap_or_default();
    let keys = Keys {
        engines: vec![engine.to_string()],
        architectures: absence.architectures.clone(),
        threads: Vec::new(),
    };
    Line { keys, id: None, fields }
}

/// Returns a table, behind a summary if it is long.
fn folded(what: &str, rows: usize, table: Markup) -> Markup {
    html! {
        @if rows > MOST_ROWS {
            details { summary { (what) ": " (counted(rows, "row")) } (table) }
        } @else {
            (table)
        }
    }
}
