use formbench_analysis::VerdictKind;
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
            (matrix(&claims))
            p { (COUNTED) }
            @for claim in claims { (of_claim(claim, report.drawn)) }
        }
    })
}

/// Returns whether something can be judged in an interpretation on an engine.
fn is_tested(claims: &[&[VerdictRow]], of: &VerdictRow) -> bool {
    let all = claims.iter().copied().flatten();
    all.filter(|one| column(one) == column(of))
        .any(|one| one.verdict != VerdictKind::NotTestable.label())
}

fn column(row: &VerdictRow) -> (&str, &str) {
    (&row.interpretation, &row.engine)
}

/// Returns the claims over the engines that something can be judged of; the others on one line.
fn matrix(claims: &[&[VerdictRow]]) -> Markup {
    let first = claims.first().copied().unwrap_or_default();
    let of_first: Vec<&VerdictRow> = in_all(first).collect();
    let (tested, untested): (Vec<&VerdictRow>, Vec<&VerdictRow>) =
        of_first.into_iter().partition(|one| is_tested(claims, one));
    let names = tested.iter().map(|one| format!("{}: {}", one.interpretation, one.engine));
    let line = |claim: &&[VerdictRow]| {
        let statement = claim
            .first()
            .map_or_else(String::new, |one| format!("{}: {}", one.claim, one.statement));
        let fields = tested.iter().map(|of| {
            in_all(claim).find(|one| column(one) == column(of)).map_or_else(Field::empty, verdict)
        });
        Line {
            fields: [Field::text(&statement)].into_iter().chain(fields).collect(),
            ..Line::default()
        }
    };
    let columns = [Column::sentences("claim")].into_iter();
    let matrix = Table {
        id: "verdicts-matrix".to_string(),
        caption: "Verdicts".to_string(),
        columns: columns.chain(names.map(|name| Column::words(&name))).collect(),
        lines: claims.iter().map(line).collect(),
    };
    let untested: Vec<String> =
        untested.iter().map(|one| format!("{} ({})", one.engine, one.interpretation)).collect();
    html! {
        @if !tested.is_empty() { (table(&matrix)) }
        @if !untested.is_empty() { p { "Nothing to test here: " (untested.join(", ")) "." } }
    }
}

/// Returns of each interpretation and engine the row for all checks together, which comes first.
fn in_all(claim: &[VerdictRow]) -> impl Iterator<Item = &VerdictRow> {
    claim.chunk_by(|one, next| column(one) == column(next)).filter_map(|rows| rows.first())
}

fn verdict(row: &VerdictRow) -> Field {
    Field::markup(html! { span.verdict data-verdict=(slug(&row.verdict)) { (row.verdict) } })
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
    let fields = vec![
        Field::text(&row.interpretation),
        Field::text(&row.engine),
        verdict(row),
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
