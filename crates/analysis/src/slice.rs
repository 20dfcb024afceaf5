//! Patterns that share a depth or a width.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use formbench_protocol::Width;
use formbench_store::CellRow;

/// Those cells of a grid that share one value of one parameter.
pub struct Slice<'a, F> {
    /// The cells.
    pub cells: Vec<&'a CellRow>,
    /// The shared value, if there are cells.
    value: Option<F>,
    /// Cells that have another.
    left_out: usize,
}

/// Returns the cells that share the value of `fixed` under which `varying` takes most values; of
/// equals, the one with most cells, then the least.
pub fn slice<'a, V: Ord, F: Ord + Copy>(
    cells: Vec<&'a CellRow>,
    varying: impl Fn(&CellRow) -> Option<V>,
    fixed: impl Fn(&CellRow) -> Option<F>,
) -> Slice<'a, F> {
    let mut values: BTreeMap<F, Vec<&CellRow>> = BTreeMap::new();
    let total = cells.len();
    for cell in cells {
        if let Some(value) = fixed(cell) {
            values.entry(value).or_default().push(cell);
        }
    }
    let reach = |cells: &[&CellRow]| {
        let distinct: BTreeSet<_> = cells.iter().map(|cell| varying(cell)).collect();
        (distinct.len(), cells.len())
    };
    let best = values.into_iter().min_by_key(|(value, cells)| (Reverse(reach(cells)), *value));
    let (value, cells) = best.map_or((None, Vec::new()), |(value, cells)| (Some(value), cells));
    Slice { left_out: total - cells.len(), cells, value }
}

/// Returns the width of a pattern's cell.
pub fn width(cell: &CellRow) -> Option<Width> {
    cell.form().map(|(_, width)| width)
}

impl<F: Copy + Display> Slice<'_, F> {
    /// Returns what a caption states of the slice, such as ` at width 32`.
    pub fn at(&self, fixed: &str) -> String {
        let Some(value) = self.value else {
            return String::new();
        };
        let others = match self.left_out {
            0 => String::new(),
            count => format!(" ({count} cells of other {fixed}s are not in this figure)"),
        };
        format!(" at {fixed} {value}{others}")
    }
}
