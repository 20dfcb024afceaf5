use formbench_protocol::Width;
use formbench_store::CellRow;
use serde::Serialize;

use crate::caption::{capital, caption};
use crate::number::{alike, fixed};
use crate::{Absence, FigureEntry, NetworkOrigin, Roof, Series, StandIn, View, X};

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
    /// What the parts of the figure tell apart, if it has parts, as `origin`.
    pub section: Option<&'static str>,
    /// What the rows' groups are: `pattern`, `network`, `architecture` or `attribute`.
    pub group: &'static str,
    /// What a row's `x` is, if the figure has one, as `depth` or `MACs`.
    pub x: Option<&'static str>,
    /// The numbers, in the order of the figure.
    pub rows: Vec<Row>,
    /// Cells without samples, or without all of them, and why.
    pub absences: Vec<Absence>,
}

/// One estimate of a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The part of the figure that it is in, if `FigureTable::section` names parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Registry name of the pattern or network, or what `FigureTable::group` names.
    pub group: String,
    /// Whether it sums up the other rows of its section.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub summary: bool,
    /// The width that was found for its pattern, in a figure of patterns of equal cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<FoundWidth>,
    /// The one architecture that the row stands for, in a figure that shows each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<ArchitectureLabel>,
    /// Engine and settings.
    pub series: Series,
    /// What `FigureTable::x` names.
    pub x: Option<X>,
    /// The estimate.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Cells that it stands for.
    pub cells: usize,
    /// Cells that it was meant to stand for.
    pub cells_asked: usize,
    /// Of these, pairs of cells whose interval is wider than their experiment asks for.
    #[serde(skip_serializing_if = "is_none")]
    pub wide: usize,
    /// Rounds of the cell that has fewest.
    pub rounds: usize,
    /// Samples on both sides.
    pub samples: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// A width that was chosen for a cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FoundWidth {
    /// Channels out of the first stage.
    pub channels: Width,
    /// By how much the cost is above what it was to be, as a share of that; below 0 if it is below.
    pub difference: f64,
}

/// One architecture, as a figure names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ArchitectureLabel {
    /// Its kind: `pattern`, `network` or `file`.
    pub kind: String,
    /// Where a network comes from; nothing of a pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<NetworkOrigin>,
    /// Its label, as `plain-d14-w32`, and its input where that varies within the figure.
    pub label: String,
}

/// Unit of a figure's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Baseline's latency over the accelerated one's.
    Ratio,
    /// Milliseconds.
    Ms,
    /// Billions of floating-point operations a second.
    GflopPerS,
    /// A share in percent, from 0 to 100.
    Percent,
    /// Spearman's rank correlation, from -1 to 1.
    RankCorrelation,
}

impl Unit {
    /// Returns what follows a number of this unit.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Ratio => "×",
            Self::Ms => " ms",
            Self::GflopPerS => " GFLOP/s",
            Self::Percent => "\u{a0}%",
            Self::RankCorrelation => " r",
        }
    }

    /// Returns an estimate and the ends of its interval as texts, dashes where there is none.
    pub(crate) fn texts(self, row: &Row, digits: i32) -> [String; 3] {
        let values = [row.value, row.low, row.high];
        let [value, low, high] = match self {
            Self::RankCorrelation => values.map(|value| fixed(value, digits - 1)),
            Self::Percent => values.map(|value| fixed(value, 1)),
            _ => alike(values, digits),
        };
        match row.has_interval() {
            true => [value, low, high],
            false => [value, "\u{2013}".to_string(), "\u{2013}".to_string()],
        }
    }
}

/// Rows of one name.
pub(crate) type Group<'a> = (&'a str, Vec<&'a Row>);

/// What a figure adds to what every figure says.
pub(crate) struct Content<'a> {
    /// What a mark is, the beginning of the caption.
    pub(crate) statistic: String,
    pub(crate) unit: Unit,
    pub(crate) against: Option<String>,
    pub(crate) section: Option<&'static str>,
    pub(crate) group: &'static str,
    pub(crate) x: Option<&'static str>,
    /// Every cell whose samples are in a row or would be.
    pub(crate) cells: Vec<&'a CellRow>,
    pub(crate) rows: Vec<Row>,
    pub(crate) absences: Vec<Absence>,
}

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

    /// Returns what a speed-up is relative to, as `speed-up over pytorch`.
    pub(crate) fn speed_up(&self) -> String {
        let against = self.against.as_deref().unwrap_or("the baseline");
        let absent: Vec<&str> = self.stand_ins.iter().map(|one| one.baseline.as_str()).collect();
        let stand_in = match absent.is_empty() {
            true => String::new(),
            false => format!(", which stands in for {}", absent.join(" and ")),
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
