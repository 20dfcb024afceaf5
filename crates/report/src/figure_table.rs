use formbench_store::CellRow;
use serde::Serialize;

use crate::caption::caption;
use crate::{Absence, FigureEntry, Roof, Series, StandIn, View, X};

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
    /// What the rows' architectures are: `pattern`, `network` or `architecture`.
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
    /// Registry name of the pattern or network.
    pub group: String,
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
    /// Rounds of the cell that has fewest.
    pub rounds: usize,
    /// Samples on both sides.
    pub samples: usize,
}

/// One architecture, as a figure names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ArchitectureLabel {
    /// Its kind: `pattern` or `network`.
    pub kind: String,
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
}

impl Unit {
    /// Returns what follows a number of this unit.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Ratio => "×",
            Self::Ms => " ms",
            Self::GflopPerS => " GFLOP/s",
        }
    }
}

/// What a figure adds to what every figure says.
pub(crate) struct Content<'a> {
    /// What a mark is, the beginning of the caption.
    pub(crate) statistic: String,
    pub(crate) unit: Unit,
    pub(crate) against: Option<String>,
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
        let Content { unit, against, group, x, rows, absences, .. } = content;
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
            group,
            x,
            rows,
            absences,
        }
    }

    /// Returns what the axis of a figure of speed-ups says.
    pub(crate) fn speed_up_axis(&self) -> String {
        let against = self.against.as_deref().unwrap_or("the baseline");
        let absent: Vec<&str> = self.stand_ins.iter().map(|one| one.baseline.as_str()).collect();
        let stand_in = match absent.is_empty() {
            true => String::new(),
            false => format!(", which stands in for {}", absent.join(" and ")),
        };
        format!("Speed-up over {against}{stand_in}: how many times faster, logarithmic axis")
    }

    /// Returns the distinct series, in the order that every figure keeps.
    pub(crate) fn series(&self) -> Vec<Series> {
        let mut series: Vec<_> = self.rows.iter().map(|row| row.series.clone()).collect();
        series.sort();
        series.dedup();
        series
    }

    /// Returns the rows of each group, in the order of the groups' first rows.
    pub(crate) fn groups(&self) -> Vec<(&str, Vec<&Row>)> {
        let mut groups: Vec<(&str, Vec<&Row>)> = Vec::new();
        for row in &self.rows {
            match groups.iter_mut().find(|(name, _)| *name == row.group) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((&row.group, vec![row])),
            }
        }
        groups
    }
}
