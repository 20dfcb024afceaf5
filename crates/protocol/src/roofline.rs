use serde::{Deserialize, Serialize};

/// How fast this machine can compute and move data: the roof over every engine's cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roofline {
    /// Vector instructions that computed: the widest that were found.
    pub instruction_set: String,
    /// Repetitions of independent fused multiply-adds in registers.
    pub compute: Vec<Timed>,
    /// Repetitions of a triad over arrays that no cache holds.
    pub memory: Vec<Timed>,
}

/// One repetition of known work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// FLOPs, or bytes read and written, of all threads.
    pub work: u64,
    /// Duration in nanoseconds.
    pub ns: u64,
}
