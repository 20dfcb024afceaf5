//! The rows of a figure as texts.

use crate::number::{alike, grouped, percent};
use crate::{FoundWidth, Row, Unit};

/// What the columns of a figure's rows are called.
#[derive(Clone, Copy, Debug)]
pub struct RowNames {
    /// What a section is, if the figure has parts.
    pub section: Option<&'static str>,
    /// What a group is.
    pub group: &'static str,
    /// What `x` is, if rows have one.
    pub x: Option<&'static str>,
    /// Unit of the values.
    pub unit: Unit,
}

/// The numbers of a figure as texts.
pub struct FigureNumbers {
    /// Its columns.
    pub columns: Vec<FigureColumn>,
    /// Texts of each row, in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a figure's numbers.
pub struct FigureColumn {
    /// Its head.
    pub name: String,
    /// Whether it holds numbers.
    pub is_number: bool,
}

/// Which columns a figure has beyond those of every figure.
struct Extent {
    section: Option<&'static str>,
    matched: bool,
    x: Option<&'static str>,
    /// Whether some number is as found, on a host that was not quiet.
    as_found: bool,
}

impl FigureNumbers {
    /// Returns the numbers of rows.
    pub fn of(rows: &[Row], names: RowNames) -> Self {
        let extent = Extent {
            section: names.section,
            matched: rows.iter().any(|row| row.matched.is_some()),
            x: names.x,
            as_found: rows.iter().any(|row| row.as_found > 0),
        };
        let rows = rows.iter().map(|row| texts(&extent, names.unit, row)).collect();
        Self { columns: columns(&extent, names), rows }
    }
}

fn columns(extent: &Extent, names: RowNames) -> Vec<FigureColumn> {
    let column = |is_number| move |name: &str| FigureColumn { name: name.to_string(), is_number };
    let found = if extent.matched { &["width", "off by"][..] } else { &[] };
    let numbers = [names.unit.sign().trim(), "low", "high", "cells", "rounds", "samples"];
    let words = extent.section.into_iter().chain([names.group, "engine"]);
    let conditions = if extent.as_found { &["host", "without contention"][..] } else { &[] };
    let numbers = found.iter().copied().chain(extent.x).chain(numbers);
    let conditions = conditions.iter().copied().map(column(false));
    words.map(column(false)).chain(numbers.map(column(true))).chain(conditions).collect()
}

fn texts(extent: &Extent, unit: Unit, row: &Row) -> Vec<String> {
    let section = extent.section.map(|_| row.section.clone().unwrap_or_default());
    let x = extent.x.map(|_| row.x.map_or_else(String::new, |x| x.to_string()));
    let counts = [cells(row), row.rounds.to_string(), grouped(row.samples)];
    section
        .into_iter()
        .chain([row.name().to_string(), row.series.label.clone()])
        .chain(found(extent, row))
        .chain(x)
        .chain(unit.texts(row, 4))
        .chain(counts)
        .chain(conditions(extent, row))
        .collect()
}

/// Returns whether a row is as found, and what it would be without contention, if some row was found on a busy host.
fn conditions(extent: &Extent, row: &Row) -> Vec<String> {
    let without = row.without_contention.map(|numbers| {
        let [value, low, high] = alike(numbers, 4);
        format!("{value} [{low}, {high}]")
    });
    let host = if row.as_found > 0 { "as found" } else { "" };
    let all = [host.to_string(), without.unwrap_or_default()];
    all.into_iter().filter(|_| extent.as_found).collect()
}

fn found(extent: &Extent, row: &Row) -> Vec<String> {
    match row.matched {
        Some(FoundWidth { channels, difference }) => {
            vec![channels.to_string(), percent(difference)]
        }
        None if extent.matched => vec![String::new(); 2],
        None => Vec::new(),
    }
}

fn cells(row: &Row) -> String {
    if row.cells == row.cells_asked {
        row.cells.to_string()
    } else {
        format!("{} of {}", row.cells, row.cells_asked)
    }
}
