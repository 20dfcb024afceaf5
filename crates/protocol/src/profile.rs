use serde::{Deserialize, Serialize};

/// How often the operators of a loaded model are timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRequest {
    /// Inferences that warm up, and at least as many that are timed as a whole and with a clock around each operator, in turns.
    pub inferences: u32,
}

/// How long each operator of an engine takes. Times with the profiler are means over the same inferences, the middle half by
/// what they took, so that the operators and what is beside them add up to the whole; OpenVINO's operators, over all, scaled to the
/// middle half.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperatorProfile {
    /// Latency of inferences without a profiler, in nanoseconds.
    pub latency_ns: f64,
    /// Latency of those with it, in nanoseconds.
    pub profiled_ns: f64,
    /// What the operators and the time between them add up to, by the engine's own clock, in nanoseconds; of OpenVINO, whose
    /// counters have no starts, their sum and what is beside the operators of chains of pools.
    pub accounted_ns: f64,
    /// In the order in which they run.
    pub operators: Vec<OperatorTime>,
}

/// How long one operator of an engine takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperatorTime {
    /// The engine's name for it.
    pub name: String,
    /// The engine's word for what it does.
    pub kind: String,
    /// Names of the graph's nodes that it stands for, as far as the engine says; none if it is one of the engine's own,
    /// such as a change of a tensor's layout.
    pub nodes: Vec<String>,
    /// What it takes in an inference, in nanoseconds.
    pub ns: f64,
}
