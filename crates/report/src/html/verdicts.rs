use formbench_analysis::number::{alike, significant};
use maud::{Markup, html};

use super::Report;
use super::picture;
use super::supplement::VerdictRow;
use super::table::{Column, Field, Keys, Line, Table, table};
use super::text::{prose, slug};
use crate::FigureTable;
use crate::rendered_figure::RenderedFigure;
use crate::verdicts_page::COUNTED;

/// Returns the claims with their verdicts, if any was judged.
pub(super) fn body(report: &Report<'_>) -> Option<Markup> {
    let claims = report.supplement.verdicts.chunk_by(|one, next| one.claim == next.claim);
    let claims: Vec<&[VerdictRow]> = claims.collect();
    (!claims.is_empty()).then(|| {
        html! {
            p { (COUNTED) }
            @for claim in claims { (of_claim(claim, report.drawn)) }
        }
    })
}

fn of_claim(verdicts: &[VerdictRow], drawn: &[RenderedFigure]) -> Markup {
    let Some(first) = verdicts.first() else {
        return html! {};
    };
    let names = ["interpretation", "engine", "verdict"].map(Column::words);
    let numbers = ["estimate", "n"].map(Column::number);
    let why = [Column::sentences("why"), Column::words("figure")];
    let id = format!("claim-{}", slug(&first.claim));
    let table_of_claim = Table {
        id: format!("{id}-table"),
        caption: format!("Verdicts on {}", first.claim),
        columns: names.into_iter().chain(numbers).chain(why).collect(),
        lines: verdicts.iter().map(|verdict| line(verdict, drawn)).collect(),
    };
    html! {
        article.claim id=(id) aria-labelledby={ (id) "-heading" } {
            h3 id={ (id) "-heading" } { (first.claim) ": " (prose(&first.statement)) }
            (table(&table_of_claim))
        }
    }
}

fn line(row: &VerdictRow, drawn: &[RenderedFigure]) -> Line {
    let verdict = html! { span.verdict data-verdict=(slug(&row.verdict)) { (row.verdict) } };
    let fields = vec![
        Field::text(&row.interpretation),
        Field::text(&row.engine),
        Field::markup(verdict),
        estimate(row),
        Field::number(&row.n.to_string(), &[row.n as f64]),
        Field::text(&row.explanation),
        row.figure.as_ref().map_or_else(Field::empty, |name| figure(name, drawn)),
    ];
    Line { keys: Keys { engines: vec![row.engine.clone()], ..Keys::default() }, id: None, fields }
}

fn estimate(row: &VerdictRow) -> Field {
    match (row.estimate, row.low, row.high) {
        (Some(value), Some(low), Some(high)) => {
            let [text, from, to] = alike([value, low, high], 3);
            Field::number(&format!("{text} [{from}, {to}]"), &[value, low, high])
        }
        (Some(value), ..) => Field::number(&significant(value, 3), &[value]),
        _ => Field::empty(),
    }
}

/// Returns a link to the first figure of that name, with or without its set.
fn figure(name: &str, drawn: &[RenderedFigure]) -> Field {
    let is_it = |drawn: &&RenderedFigure| {
        let FigureTable { set, figure, .. } = &drawn.table;
        name == *figure || name == format!("{set}/{figure}")
    };
    match drawn.iter().find(is_it) {
        Some(drawn) => {
            Field::markup(html! { a href={ "#" (picture::id(&drawn.table)) } { (name) } })
        }
        None => Field::text(name),
    }
}
