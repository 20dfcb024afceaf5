use formbench_analysis::{FoundWidth, Row, Series, Unit, number::signed_percent};

use super::super::axis::{Axis, extent};
use super::{ForestStyle, Scale};
use crate::FigureTable;
use crate::canvas::{Anchor, Point, widest};
use crate::theme::{BAR, GROUP, LABEL, MARGIN, MARK, NUMBER, TINY_BAR, TINY_MARK, Type, WIDTH};

/// Where names of groups begin, right of their rules.
pub(super) const NAMES: f64 = MARGIN + 9.0;
/// Head of the column that counts cells.
pub(super) const COUNTS_HEAD: &str = "cells";

/// Rows that have labels and numbers at most.
const MOST_ROWS: usize = 60;
/// Height of a row with a label, and of one of many in a line.
const ROW: f64 = 16.0;
const CROWDED_ROW: f64 = 4.0;
/// White between groups.
const GAP: f64 = 8.0;
const CROWDED_GAP: f64 = 7.0;
/// Height of the name of a part.
const SECTION: f64 = 26.0;
/// Height of a line that holds a group's name only.
const LEAST_LINE: f64 = 13.0;
/// White between columns.
const GUTTER: f64 = 14.0;
/// Width that the axis keeps at least, in front of long labels.
const LEAST_AXIS: f64 = 160.0;
/// Share of the width that names take at most beside a crowded axis.
const MOST_NAMES: f64 = 0.4;

/// The name of a part of the figure, or a group of rows.
pub(super) struct Block<'a> {
    pub(super) name: &'a str,
    /// None, if it is the name of a part.
    pub(super) rows: Vec<&'a Row>,
    /// Whether a line divides it from the group above.
    pub(super) is_ruled: bool,
    /// Where it begins and ends, below the first one's beginning.
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Block<'_> {
    /// Returns whether it sums up the groups above.
    pub(super) fn is_summary(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.summary)
    }
}

/// Where the columns are, and how high rows are.
pub(super) struct Layout {
    pub(super) axis: Axis,
    pub(super) unit: Unit,
    /// Whether rows have neither labels nor numbers, and share their group's line.
    pub(super) crowded: bool,
    /// Whether a group's name has a line of its own, since its rows' labels are long.
    stacked: bool,
    /// Where labels begin.
    pub(super) series: f64,
    /// Where numbers end.
    pub(super) numbers: Option<f64>,
    /// Where the count of cells ends; absent where every row stands for one.
    pub(super) counts: Option<f64>,
    /// Series in the order of a crowded line.
    order: Vec<Series>,
}

impl Layout {
    pub(super) fn new(table: &FigureTable, style: &ForestStyle) -> Self {
        if style.crowded || table.rows.len() > MOST_ROWS {
            Self::crowded(table, style)
        } else {
            Self::roomy(table, style)
        }
    }

    fn roomy(table: &FigureTable, style: &ForestStyle) -> Self {
        let numbers = table.rows.iter().map(|row| numbers_text(table.unit, row));
        let numbers: Vec<String> = numbers.chain([numbers_head(table)]).collect();
        let counts: Vec<String> = table.rows.iter().map(counts_text).collect();
        let counted = table.rows.iter().any(|row| row.cells_asked > 1)
            && (table.unit != Unit::RankCorrelation
                || counts.iter().any(|text| *text != counts[0]));
        let founds = founds_width(table);
        let groups = widest(table.rows.iter().map(|row| row.group.as_str()), GROUP).max(founds);
        let labels = widest(table.rows.iter().map(|row| row.series.label.as_str()), LABEL);
        let counts_width = widest(counts.iter().map(String::as_str).chain([COUNTS_HEAD]), NUMBER);
        let numbers_width = widest(numbers.iter().map(String::as_str), NUMBER);
        let counts_end = WIDTH - MARGIN;
        let numbers_end = if counted { counts_end - counts_width - GUTTER } else { counts_end };
        let end = numbers_end - numbers_width - GUTTER;
        let stacked = NAMES + groups + GUTTER + labels + GUTTER > end - LEAST_AXIS;
        let series = if stacked { NAMES } else { NAMES + groups + GUTTER };
        let start = (series + labels + GUTTER).min(end - LEAST_AXIS);
        Self {
            axis: axis(table, style.scale, (start, end)),
            unit: table.unit,
            crowded: false,
            stacked,
            series,
            numbers: Some(numbers_end),
            counts: counted.then_some(counts_end),
            order: Vec::new(),
        }
    }

    fn crowded(table: &FigureTable, style: &ForestStyle) -> Self {
        let groups = widest(table.rows.iter().map(|row| row.group.as_str()), GROUP);
        let founds = match founds_width(table) {
            0.0 => 0.0,
            width => GUTTER + width,
        };
        let start = NAMES + (groups + founds).min(MOST_NAMES * WIDTH) + GUTTER;
        Self {
            // A label of a tick reaches as far beyond the axis.
            axis: axis(table, style.scale, (start, WIDTH - MARGIN - GUTTER)),
            unit: table.unit,
            crowded: true,
            stacked: false,
            series: start,
            numbers: None,
            counts: None,
            order: table.series(),
        }
    }

    /// Returns what stands below each other.
    pub(super) fn blocks<'a>(&self, table: &'a FigureTable) -> Vec<Block<'a>> {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut add = |name, rows: Vec<&'a Row>, is_ruled, height| {
            let top = blocks.last().map_or(0.0, |block| block.bottom);
            blocks.push(Block { name, rows, is_ruled, top, bottom: top + height });
        };
        for (section, groups) in table.sections() {
            if !section.is_empty() {
                add(section, Vec::new(), false, SECTION);
            }
            for (at, (name, rows)) in groups.into_iter().enumerate() {
                let height = self.height(&rows);
                add(name, rows, at > 0, height);
            }
        }
        blocks
    }

    fn height(&self, rows: &[&Row]) -> f64 {
        let of_name = 1 + usize::from(!self.stacked && found(rows).is_some());
        let lines = if self.crowded {
            self.order.len()
        } else {
            (rows.len() + usize::from(self.stacked)).max(of_name)
        };
        self.gap() + (self.row() * lines as f64).max(LEAST_LINE)
    }

    /// Returns the white between groups.
    pub(super) fn gap(&self) -> f64 {
        if self.crowded { CROWDED_GAP } else { GAP }
    }

    /// Returns the height of a row.
    pub(super) fn row(&self) -> f64 {
        if self.crowded { CROWDED_ROW } else { ROW }
    }

    /// Returns the middle of a group's `at`-th row; in a crowded line, each series has its place.
    pub(super) fn middle(&self, top: f64, row: &Row, at: usize) -> f64 {
        let at = if self.crowded {
            self.order.iter().position(|series| *series == row.series).unwrap_or(at)
        } else {
            at + usize::from(self.stacked)
        };
        let idle = (LEAST_LINE - self.row() * self.order.len() as f64).max(0.0);
        let above = if self.crowded { idle / 2.0 } else { 0.0 };
        top + above + self.row() * (at as f64 + 0.5)
    }

    /// Returns the type of a group's name and the middle of its line.
    pub(super) fn name(&self, block: &Block<'_>, (top, bottom): (f64, f64)) -> (Type, f64) {
        let face = if self.crowded && !block.is_summary() { LABEL } else { GROUP };
        (face, if self.crowded { (top + bottom) / 2.0 } else { top + ROW / 2.0 })
    }

    /// Returns where the width stands that was found for a group whose name has this middle: below the
    /// name, or at the end of its line where that is all there is.
    pub(super) fn found(&self, middle: f64) -> (Point, Anchor) {
        match (self.crowded, self.stacked) {
            (false, false) => ((NAMES, middle + ROW), Anchor::Start),
            (true, _) => ((self.series - GUTTER, middle), Anchor::End),
            (_, true) => ((WIDTH - MARGIN, middle), Anchor::End),
        }
    }

    /// Returns how wide a group's name may be.
    pub(super) fn name_room(&self) -> f64 {
        if self.stacked { WIDTH - MARGIN - NAMES } else { self.series - GUTTER - NAMES }
    }

    /// Returns how wide a row's label may be.
    pub(super) fn label_room(&self) -> f64 {
        self.axis.at(self.axis.low) - GUTTER - self.series
    }

    /// Returns the radius of a mark.
    pub(super) fn mark(&self) -> f64 {
        if self.crowded { TINY_MARK } else { MARK }
    }

    /// Returns half the bar at the end of an interval.
    pub(super) fn bar(&self) -> f64 {
        if self.crowded { TINY_BAR } else { BAR }
    }
}

fn axis(table: &FigureTable, scale: Scale, ends: (f64, f64)) -> Axis {
    match scale {
        Scale::Log { reference } => {
            let estimates = table.rows.iter().map(|row| [row.value, row.low, row.high]);
            Axis::log(extent(estimates, reference), ends)
        }
        Scale::Linear { range, .. } => Axis::linear(range, ends),
    }
}

/// Returns what is said beside a group's name: the width that was found for its cost, and by how much its cost is off;
/// or where a network comes from.
pub(super) fn found(rows: &[&Row]) -> Option<String> {
    let row = rows.first()?;
    let width = row.matched.map(|FoundWidth { channels, difference }| {
        format!("width {channels}, {}", signed_percent(difference))
    });
    width.or_else(|| Some(row.origin()?.label().to_string()))
}

fn founds_width(table: &FigureTable) -> f64 {
    let founds: Vec<String> = table.rows.iter().filter_map(|row| found(&[row])).collect();
    widest(founds.iter().map(String::as_str), NUMBER)
}

pub(super) fn numbers_head(table: &FigureTable) -> String {
    format!("{} [95 % interval]", table.unit.sign().trim())
}

pub(super) fn numbers_text(unit: Unit, row: &Row) -> String {
    let [value, low, high] = unit.texts(row, 3);
    if row.has_interval() { format!("{value} [{low}, {high}]") } else { value }
}

pub(super) fn counts_text(row: &Row) -> String {
    if row.cells == row.cells_asked {
        row.cells.to_string()
    } else {
        format!("{} of {}", row.cells, row.cells_asked)
    }
}
