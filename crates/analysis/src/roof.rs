//! What a machine can do at most.

use formbench_store::{RooflineQuantity, RooflineRow};
use serde::Serialize;

use crate::Run;
use crate::number::{counted, significant};

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

/// Returns the most work for each ns.
fn best<'a>(rows: impl Iterator<Item = &'a RooflineRow>) -> Option<f64> {
    rows.map(|row| row.work as f64 / row.ns as f64).max_by(f64::total_cmp)
}
