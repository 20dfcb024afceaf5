use formbench_analysis::number::counted;
use maud::{Markup, PreEscaped, html};

use super::text::prose;

/// A table that can be sorted and filtered.
pub(super) struct Table {
    /// Unique on the page.
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) lines: Vec<Line>,
}

/// A column's heading.
pub(super) struct Column {
    name: String,
    kind: Kind,
}

/// What a column holds, which decides its width and its side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    Sentences,
    Number,
}

/// A row of a table; its first field names it.
#[derive(Default)]
pub(super) struct Line {
    pub(super) id: Option<String>,
    pub(super) keys: Keys,
    pub(super) fields: Vec<Field>,
}

/// What a row is found by. Where a row has no value of a key, a filter by it leaves the row alone.
#[derive(Default)]
pub(super) struct Keys {
    /// Registry names.
    pub(super) engines: Vec<String>,
    pub(super) architectures: Vec<String>,
    pub(super) threads: Vec<u32>,
}

/// What stands in a row under one column.
pub(super) struct Field {
    body: Markup,
    /// What it is sorted by, if not by its text; the page keeps whole numbers and their intervals.
    key: Option<String>,
}

impl Column {
    pub(super) fn words(name: &str) -> Self {
        Self { name: name.to_string(), kind: Kind::Words }
    }

    pub(super) fn sentences(name: &str) -> Self {
        Self { name: name.to_string(), kind: Kind::Sentences }
    }

    pub(super) fn number(name: &str) -> Self {
        Self { name: name.to_string(), kind: Kind::Number }
    }

    fn class(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Words => None,
            Kind::Sentences => Some("s"),
            Kind::Number => Some("n"),
        }
    }
}

impl Field {
    /// Returns a text, in which what stands between backticks is code.
    pub(super) fn text(text: &str) -> Self {
        Self { body: prose(text), key: None }
    }

    pub(super) fn markup(body: Markup) -> Self {
        Self { body, key: None }
    }

    pub(super) fn empty() -> Self {
        Self::text("")
    }

    /// Returns a text that is sorted by a number, and keeps further ones.
    pub(super) fn number(text: &str, numbers: &[f64]) -> Self {
        let key = numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        Self { body: html! { (text) }, key: Some(key) }
    }
}

/// A line's end, so that the file can be compared line by line.
const NEWLINE: PreEscaped<&str> = PreEscaped("\n");

/// Returns a table in a box of its own, in which it scrolls where the page is narrow.
pub(super) fn table(table: &Table) -> Markup {
    let Table { id, caption, columns, lines } = table;
    let caption_id = format!("{id}-caption");
    html! {
        div.scroll tabindex="0" role="group" aria-labelledby=(caption_id) {
            table id=(id) {
                caption id=(caption_id) {
                    span { (caption) ": " span.count { (counted(lines.len(), "row")) } }
                }
                thead { tr {
                    @for column in columns {
                        th scope="col" class=[column.class()] { (column.name) }
                    }
                } }
                tbody {
                    (NEWLINE)
                    @for one in lines { (line(one, columns)) (NEWLINE) }
                }
            }
        }
        (NEWLINE)
    }
}

fn line(line: &Line, columns: &[Column]) -> Markup {
    let Keys { engines, architectures, threads } = &line.keys;
    let threads: Vec<String> = threads.iter().map(u32::to_string).collect();
    html! {
        tr id=[line.id.as_ref()] data-e=[said(engines)] data-a=[said(architectures)]
            data-t=[said(&threads)] {
            @for (at, (field, column)) in line.fields.iter().zip(columns).enumerate() {
                (cell(field, column, at == 0))
            }
        }
    }
}

fn cell(Field { body, key }: &Field, column: &Column, names_the_row: bool) -> Markup {
    // A number with a key is known by it, and a page has tens of thousands.
    let class = if key.is_some() { None } else { column.class() };
    html! {
        @if names_the_row {
            th scope="row" class=[class] data-v=[key.as_ref()] { (body) }
        } @else {
            td class=[class] data-v=[key.as_ref()] { (body) }
        }
    }
}

fn said(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(" "))
}
