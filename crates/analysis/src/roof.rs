//! What a machine can do at most.

use std::collections::BTreeMap;

use formbench_statistics::Estimate;
use formbench_store::{AttributesRow, CellRow, RooflineQuantity, RooflineRow};
use serde::Serialize;

use crate::number::{counted, significant};
use crate::rows::{by_cost, sort_by_best};
use crate::usual_inputs::UsualInputs;
use crate::{AxisValue, Row, Run, Series, View};

/// What the machine can do with so many threads: the best of its repetitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Roof {
    /// Threads that worked.
    pub threads: u32,
    /// Vector instructions that computed.
    pub instruction_set: String,
    /// Most floating-point operations a second, in billions.
    pub gflop_per_s: f64,
    /// Most bytes a second, in billions.
    pub gbyte_per_s: f64,
    /// Repetitions of each.
    pub repetitions: usize,
}

impl Roof {
    /// Returns the roof over so many threads, if both of its sides were measured.
    pub fn of(run: &Run, threads: u32) -> Option<Self> {
        let of_quantity = |quantity| {
            let rows = run.rooflines.iter().filter(move |row| row.threads == threads);
            rows.filter(move |row| row.quantity == quantity && row.ns > 0)
        };
        let compute = || of_quantity(RooflineQuantity::Compute);
        Some(Self {
            threads,
            instruction_set: compute().next()?.instruction_set.clone(),
            gflop_per_s: best(compute())?,
            gbyte_per_s: best(of_quantity(RooflineQuantity::Memory))?,
            repetitions: compute().count(),
        })
    }

    /// Returns how the roof was measured and what came out, as a sentence of a caption.
    pub fn sentence(&self) -> String {
        let Self { instruction_set, repetitions, .. } = self;
        format!(
            "Roof of {}: the best of {} of independent fused multiply-adds in registers \
             ({instruction_set}), {} GFLOP/s, and of a triad over arrays that no cache holds, {} \
             GB/s.",
            counted(self.threads as usize, "thread"),
            counted(*repetitions, "repetition"),
            significant(self.gflop_per_s, 3),
            significant(self.gbyte_per_s, 3),
        )
    }
}

/// Returns one row per pattern and per origin of networks, and series: the share of the peak of as many threads, in
/// percent, that measured cells reach, the geometric mean over architectures, from the least to the most. Those whose
/// roof was not measured are left out. Nearest first by the best of a pattern, ties by name; then by series.
pub fn shares_of_peak(
    view: &View<'_>,
    cells: &[(&CellRow, &AttributesRow)],
    images: &UsualInputs,
    roofs: &[Roof],
) -> Vec<Row> {
    // FLOPs for each ns are GFLOPs a second: the shortest latency makes the most.
    let gflop_per_s = |attributes: &AttributesRow, ns: Estimate| {
        let flops = attributes.flops as f64;
        Estimate { value: flops / ns.value, low: flops / ns.high, high: flops / ns.low }
    };
    let mut groups: BTreeMap<(String, Series), Vec<(Row, f64)>> = BTreeMap::new();
    for row in by_cost(view, cells, images, |row| AxisValue::Count(row.flops), gflop_per_s) {
        let roof = roofs.iter().find(|roof| roof.threads == row.series.threads);
        let group = row.origin().map_or(row.group.as_str(), |origin| origin.networks()).to_string();
        if let Some(roof) = roof {
            let share = 100.0 * row.value / roof.gflop_per_s;
            groups.entry((group, row.series.clone())).or_default().push((row, share));
        }
    }
    let row = |((group, series), members): ((String, Series), Vec<(Row, f64)>)| {
        let shares = || members.iter().map(|(_, share)| *share);
        let estimate = Estimate {
            value: (shares().map(f64::ln).sum::<f64>() / members.len() as f64).exp(),
            low: shares().fold(f64::INFINITY, f64::min),
            high: shares().fold(0.0, f64::max),
        };
        Row {
            cells: members.len(),
            cells_asked: members.len(),
            as_found: members.iter().map(|(row, _)| row.as_found).sum(),
            rounds: members.iter().map(|(row, _)| row.rounds).min().unwrap_or_default(),
            samples: members.iter().map(|(row, _)| row.samples).sum(),
            ..Row::new(&group, series, estimate)
        }
    };
    let mut rows: Vec<Row> = groups.into_iter().map(row).collect();
    sort_by_best(&mut rows, |row| -row.value);
    rows
}

/// Returns the most work for each ns.
fn best<'a>(rows: impl Iterator<Item = &'a RooflineRow>) -> Option<f64> {
    rows.map(|row| row.work as f64 / row.ns as f64).max_by(f64::total_cmp)
}
