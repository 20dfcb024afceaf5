use formbench_analysis::{Absence, Roof, Row, Series, StandIn, Unit, View, text::capital};
use serde::Serialize;

use crate::FigureEntry;
use crate::caption::caption;
use crate::content::Content;

/// Everything a figure says, before any ink.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureTable {
    /// Folder of the experiments that it covers.
    pub set: String,
    /// Registry name of the figure.
    pub figure: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// What is shown, of what, measured where.
    pub caption: String,
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
        let caption = caption(view, &content);
        let Content { unit, against, section, group, x, rows, absences, .. } = content;
        let (figure, question) = (figure.name, figure.question);
        Self {
            set: view.set.to_string(),
            figure,
            question,
            caption,
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
