/// One timed inference of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Number of the turn within the block, from 0; `None` in runs of version 0.1.
    pub turn: Option<u32>,
    /// Duration in nanoseconds, from host input to host-readable output.
    pub latency_ns: u64,
}
