use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{InferencePart, OperatorClass};
use formbench_statistics::Estimate;
use formbench_store::CellRow;

use crate::series::SeriesIndex;
use crate::{Roof, Row, Series, View};

/// Returns the share of the machine's roof that each kind of work reaches on each engine, in percent: the least time that the
/// roof allows its operators, by their operations and the data that they move, over the time that they took. One row per
/// kind and engine over all cells of as many threads as a roof, kinds in the order of tables.
pub fn efficiencies(view: &View<'_>, cells: &[&CellRow]) -> Vec<Row> {
    let known: BTreeSet<&str> = view.run.operators.iter().map(|row| row.cell.as_str()).collect();
    let cells: Vec<&CellRow> =
        cells.iter().copied().filter(|cell| known.contains(cell.cell.as_str())).collect();
    let index = SeriesIndex::of_engines(cells.iter().map(|cell| (*cell, None)));
    let mut efforts: BTreeMap<(OperatorClass, Series), Effort<'_>> = BTreeMap::new();
    for cell in cells {
        let Some(roof) = Roof::of(view.run, cell.threads) else { continue };
        let series = index.of_engine(cell, None);
        for row in view.run.operators_of(&cell.cell) {
            let InferencePart::Work(class) = row.class else { continue };
            // FLOPs for each ns are GFLOP/s.
            let compute_ns = row.flops as f64 / roof.gflop_per_s;
            let memory_ns = row.bytes as f64 / roof.gbyte_per_s;
            let effort = efforts.entry((class, series.clone())).or_default();
            effort.least_ns += compute_ns.max(memory_ns);
            effort.took_ns += row.ns;
            effort.cells.insert(&cell.cell);
        }
    }
    let row = |((class, series), effort): ((OperatorClass, Series), Effort<'_>)| {
        let percent = 100.0 * effort.least_ns / effort.took_ns;
        let estimate = Estimate { value: percent, low: percent, high: percent };
        let cells = effort.cells.len();
        let row = Row { cells, cells_asked: cells, ..Row::new(class.label(), series, estimate) };
        // Profilers count whole microseconds: some kinds took none.
        (effort.took_ns > 0.0).then_some(row)
    };
    efforts.into_iter().filter_map(row).collect()
}

/// What operators of one kind took, and what they would at the roof.
#[derive(Default)]
struct Effort<'a> {
    least_ns: f64,
    took_ns: f64,
    cells: BTreeSet<&'a str>,
}
