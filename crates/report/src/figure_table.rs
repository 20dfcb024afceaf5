use std::collections::BTreeSet;

use formbench_analysis::figure_numbers::{FigureNumbers, RowNames};
use formbench_analysis::{Absence, Roof, Row, Series, StandIn, Unit, View, text::capital};
use formbench_store::CellRow;
use serde::Serialize;

use crate::FigureEntry;
use crate::caption::{caption, reading};
use crate::content::Content;
use crate::figure::present_name;

/// Everything a figure says, before any ink.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureTable {
    /// Folder of the experiments that it covers.
    pub set: String,
    /// Registry name of the figure.
    pub figure: &'static str,
    /// What it asks.
    pub question: String,
    /// Of how much, measured where and when: one line.
    pub caption: String,
    /// What a mark and a whisker are, which numbers deserve doubt, what is absent.
    pub reading: String,
    /// Why there is no picture, if the numbers would make none worth looking at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omitted: Option<String>,
    /// Unit of the rows' values.
    pub unit: Unit,
    /// What the rows are relative to, if they are ratios.
    pub against: Option<String>,
    /// Engines that stand in for a baseline which is absent here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stand_ins: Vec<StandIn>,
    /// What the machine can do, if the figure compares with that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roofs: Vec<Roof>,
    /// What the parts of the figure tell apart, if it has parts, such as `origin`.
    pub section: Option<&'static str>,
    /// What the rows' groups are: `pattern`, `network`, `architecture` or `attribute`.
    pub group: &'static str,
    /// What a row's `x` is, if the figure has one, such as `depth` or `MACs`.
    pub x: Option<&'static str>,
    /// The numbers, in the order of the figure.
    pub rows: Vec<Row>,
    /// Cells without samples, or without all of them, and why.
    pub absences: Vec<Absence>,
}

/// Rows of one name.
pub(crate) type Group<'a> = (&'a str, Vec<&'a Row>);

impl FigureTable {
    /// Returns the table of a figure.
    pub(crate) fn new(figure: &FigureEntry, view: &View<'_>, content: Content<'_>) -> Self {
        let (caption, reading) = (caption(view, &content), reading(view, &content));
        let omitted = nothing(&content);
        let question = title(figure, view, &content.cells);
        let Content { unit, against, section, group, x, rows, absences, .. } = content;
        Self {
            set: view.set.to_string(),
            figure: figure.name,
            question,
            caption,
            reading,
            omitted,
            unit,
            against,
            stand_ins: view.stand_ins(),
            roofs: Vec::new(),
            section,
            group,
            x,
            rows,
            absences,
        }
    }

    /// Returns the table of a figure of several runs.
    pub(crate) fn across(
        figure: &'static str,
        question: &str,
        caption: &str,
        reading: &str,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            set: String::new(),
            figure,
            question: question.to_string(),
            caption: caption.to_string(),
            reading: reading.to_string(),
            omitted: rows.is_empty().then(|| "the runs have nothing in common".to_string()),
            unit: Unit::Ratio,
            against: None,
            stand_ins: Vec::new(),
            roofs: Vec::new(),
            section: None,
            group: "architecture",
            x: None,
            rows,
            absences: Vec::new(),
        }
    }

    /// Returns the table without a picture, for a reason, if there is one, whatever was found before.
    pub(crate) fn omitted_for(mut self, reason: Option<String>) -> Self {
        self.omitted = reason.or(self.omitted);
        self
    }

    /// Returns the table without a picture, for a reason, if there is one and none was found before.
    pub(crate) fn omitted_if(mut self, reason: Option<String>) -> Self {
        self.omitted = self.omitted.or(reason);
        self
    }

    /// Returns what the axis of a figure of speed-ups says.
    pub(crate) fn speed_up_axis(&self) -> String {
        capital(&format!("{}: how many times faster, logarithmic axis", self.speed_up()))
    }

    /// Returns what a speed-up is relative to, such as `speed-up over pytorch`.
    pub(crate) fn speed_up(&self) -> String {
        let against = self.against.as_deref().unwrap_or("the baseline");
        let absent: Vec<&str> = self.stand_ins.iter().map(|one| one.baseline.as_str()).collect();
        let stand_in = if absent.is_empty() {
            String::new()
        } else {
            format!(", which stands in for {}", absent.join(" and "))
        };
        format!("speed-up over {against}{stand_in}")
    }

    /// Returns its numbers as texts: what both pages print.
    pub(crate) fn numbers(&self) -> FigureNumbers {
        let &Self { section, group, x, unit, .. } = self;
        FigureNumbers::of(&self.rows, RowNames { section, group, x, unit })
    }

    /// Returns the distinct series, in the order that every figure keeps.
    pub(crate) fn series(&self) -> Vec<Series> {
        let mut series: Vec<_> = self.rows.iter().map(|row| row.series.clone()).collect();
        series.sort();
        series.dedup();
        series
    }

    /// Returns the groups of each section, in the order of their first rows; one section without a
    /// name if the figure has no parts.
    pub(crate) fn sections(&self) -> Vec<(&str, Vec<Group<'_>>)> {
        let sections =
            grouped_by(self.rows.iter(), |row| row.section.as_deref().unwrap_or_default());
        let groups = |rows: Vec<_>| grouped_by(rows.into_iter(), |row| &row.group);
        sections.into_iter().map(|(name, rows)| (name, groups(rows))).collect()
    }
}

/// Returns what a figure asks. One that compares settings of one engine asks what its experiment asks.
fn title(figure: &FigureEntry, view: &View<'_>, cells: &[&CellRow]) -> String {
    let engines: BTreeSet<&str> = cells.iter().map(|cell| cell.engine.as_str()).collect();
    let settings: BTreeSet<&str> = cells.iter().map(|cell| cell.options.as_str()).collect();
    match view.experiments() {
        // The experiment's own question, of a figure that it names itself.
        [one]
            if engines.len() == 1
                && settings.len() > 1
                && one.figures.iter().any(|name| present_name(name) == figure.name) =>
        {
            one.question.clone()
        }
        _ => figure.question.to_string(),
    }
}

/// Returns why there is nothing to draw, if there is nothing.
fn nothing(Content { rows, absences, .. }: &Content<'_>) -> Option<String> {
    let cells: usize = absences.iter().map(|absence| absence.cells).sum();
    rows.is_empty().then(|| match cells {
        0 => "no experiment of this run has cells for this figure".to_string(),
        _ => format!("none of {cells} cells can be shown; the reasons are below"),
    })
}

fn grouped_by<'a>(
    rows: impl Iterator<Item = &'a Row>,
    name: impl Fn(&'a Row) -> &'a str,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(other, _)| *other == name(row)) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((name(row), vec![row])),
        }
    }
    groups
}
