use formbench_protocol::{Roofline, Timed};

use crate::RooflineQuantity;
use crate::table::table;

table! {
    /// One row per repetition of known work: how fast this machine can compute and move data.
    "rooflines" => RooflineRow {
        /// Threads that worked.
        threads: u32 [threads],
        /// What was worked: `compute`, independent fused multiply-adds in registers, or `memory`, a
        /// triad over arrays that no cache holds.
        quantity: RooflineQuantity,
        /// Vector instructions that computed.
        instruction_set: String,
        /// Number of the repetition, from 0.
        repetition: u32,
        /// Work of all threads: FLOPs of `compute`, bytes read and written of `memory`.
        work: u64,
        /// Duration of the repetition.
        ns: u64 [ns],
    }
}

impl RooflineRow {
    /// Returns the rows of what `threads` threads can do.
    pub fn rows(threads: u32, roofline: &Roofline) -> Vec<Self> {
        let of_quantity = |quantity, repetitions: &[Timed]| {
            let row = |(repetition, timed): (u32, &Timed)| Self {
                threads,
                quantity,
                instruction_set: roofline.instruction_set.clone(),
                repetition,
                work: timed.work,
                ns: timed.ns,
            };
            (0..).zip(repetitions).map(row).collect::<Vec<_>>()
        };
        let mut rows = of_quantity(RooflineQuantity::Compute, &roofline.compute);
        rows.extend(of_quantity(RooflineQuantity::Memory, &roofline.memory));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_numbered_by_quantity() {
        let timed = |work| Timed { work, ns: 10 };
        let roofline = Roofline {
            instruction_set: "avx2".into(),
            compute: vec![timed(1), timed(2)],
            memory: vec![timed(3)],
        };
        let rows = RooflineRow::rows(4, &roofline);
        let told: Vec<_> =
            rows.iter().map(|row| (row.quantity.label(), row.repetition, row.work)).collect();
        assert_eq!(told, [("compute", 0, 1), ("compute", 1, 2), ("memory", 0, 3)]);
        assert!(rows.iter().all(|row| row.threads == 4 && row.instruction_set == "avx2"));
    }
}
