use formbench_analysis::{
    FoundWidth, Row, Unit,
    number::{grouped, percent},
};

use crate::FigureTable;

/// The numbers of a figure as texts: what both pages print.
pub(crate) struct FigureNumbers {
    pub(crate) columns: Vec<FigureColumn>,
    /// Texts of each row, in the order of the columns.
    pub(crate) rows: Vec<Vec<String>>,
}

/// A column of a figure's numbers.
pub(crate) struct FigureColumn {
    pub(crate) name: String,
    pub(crate) is_number: bool,
}

/// Which columns a figure has beyond those of every figure.
struct Extent {
    section: Option<&'static str>,
    matched: bool,
    x: Option<&'static str>,
}

impl FigureNumbers {
    /// Returns the numbers of a table.
    pub(crate) fn of(table: &FigureTable) -> Self {
        let extent = Extent {
            section: table.section,
            matched: table.rows.iter().any(|row| row.matched.is_some()),
            x: table.x,
        };
        let rows = table.rows.iter().map(|row| texts(&extent, table.unit, row)).collect();
        Self { columns: columns(&extent, table), rows }
    }
}

fn columns(extent: &Extent, table: &FigureTable) -> Vec<FigureColumn> {
    let column = |is_number| move |name: &str| FigureColumn { name: name.to_string(), is_number };
    let found = if extent.matched { &["width", "off by"][..] } else { &[] };
    let numbers = [table.unit.sign().trim(), "low", "high", "cells", "rounds", "samples"];
    let words = extent.section.into_iter().chain([table.group, "engine"]);
    let numbers = found.iter().copied().chain(extent.x).chain(numbers);
    words.map(column(false)).chain(numbers.map(column(true))).collect()
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
        .collect()
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
