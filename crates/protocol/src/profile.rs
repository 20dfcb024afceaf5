use serde::{Deserialize, Serialize};

/// How often the operators of a loaded model are timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileRequest {
    /// Inferences that warm up, as many that are timed as a whole, and as many with a clock around each operator.
    pub inferences: u32,
}

/// How long each operator of an engine takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperatorProfile {
    /// Median latency of inferences without a profiler, in nanoseconds.
    pub latency_ns: f64,
    /// Median latency of those with it, in nanoseconds.
    pub profiled_ns: f64,
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
    /// Median over inferences, in nanoseconds.
    pub ns: f64,
}
