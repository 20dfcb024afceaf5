use formbench_protocol::InferencePart;

use crate::table::table;

table! {
    /// One row per operator of a cell's engine, in the order in which they run, as the engine's own profiler says; what is
    /// left of an inference beside them is the last row of a cell.
    "operators" => OperatorRow {
        /// Key of the cell in `cells`.
        cell: String,
        /// Position among the cell's operators, from 0.
        position: u32,
        /// The engine's name for it; empty in a cell's last row.
        operator: String,
        /// The engine's word for what it does.
        kind: String,
        /// Names of the graph's nodes that it stands for, in the graph's order; none of an operator of the engine's own.
        nodes: Vec<String>,
        /// What kind of work the heaviest of these nodes is, such as `depthwise convolution`; `own` of an operator of the
        /// engine's own, `between` in a cell's last row.
        class: InferencePart,
        /// Positions of that node's output: pixels, or tokens; null of an operator of the engine's own.
        positions: Option<u64>,
        /// What kind of work that node reads first; null if it reads an input of the graph.
        after: Option<InferencePart>,
        /// Mean over the profiled inferences, those of the middle half by latency (OpenVINO: over all, scaled to these); in a cell's
        /// last row what these take beyond the sum of their operators.
        ns: f64 [ns],
        /// Multiply-accumulates of its nodes; a node that became several operators is counted in the longest.
        macs: u64,
        /// Floating-point operations of its nodes, likewise.
        flops: u64,
        /// What its nodes read from outside and write to it: what stays between them is not moved.
        bytes: u64 [bytes],
        /// Mean latency of these inferences.
        profiled_ns: f64 [ns],
        /// Mean latency without the profiler, of the middle half likewise, in turns with it.
        latency_ns: f64 [ns],
        /// What the operators and the time between them add up to, measured apart from the whole (OpenVINO: the time between is an
        /// estimate); null in profiles of earlier versions, whose times are medians and not of the same inferences.
        accounted_ns: Option<f64> [ns],
    }
}
