use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{Job, ProfileRequest, Subject, UserFile};

/// What the command asks of a worker, one line per request. Those of a cell come in this order:
/// `Prepare`, `WarmUp`, `Block`… or `Profile`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Which architectures and engines exist here?
    Describe,
    /// What does a model in a file take and give?
    Interface(UserFile),
    /// What does an architecture cost?
    Inspect(Subject),
    /// Write an architecture with its weights as an ONNX file.
    Export(ExportRequest),
    /// How fast can a number of threads of this machine compute and move data?
    Roofline(RooflineRequest),
    /// Load a model and answer with its first logits.
    Prepare(Box<Job>),
    /// Run untimed until latency is steady.
    WarmUp(WarmUpRequest),
    /// Take one block of samples.
    Block(BlockRequest),
    /// Time each operator.
    Profile(ProfileRequest),
}

/// How long to warm up: until both minima are met and the last five block medians differ by at most
/// `stable_within`, or until the cap.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WarmUpRequest {
    /// Least number of inferences.
    pub min_inferences: u64,
    /// Least duration, in nanoseconds.
    pub min_ns: u64,
    /// Largest duration, in nanoseconds.
    pub cap_ns: u64,
    /// Relative spread of the last five block medians that counts as steady.
    pub stable_within: f64,
}

/// How much one block holds: it ends when both minima are met, or at the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRequest {
    /// Least number of inferences.
    pub min_inferences: u64,
    /// Least duration, in nanoseconds.
    pub min_ns: u64,
    /// Largest number of inferences, however short they are.
    pub max_inferences: u64,
}

impl BlockRequest {
    /// Returns the request of so many inferences, however long they take.
    pub fn exactly(inferences: u64) -> Self {
        Self { min_inferences: inferences, min_ns: 0, max_inferences: inferences }
    }
}

/// What is exported, and where to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// What is written.
    pub subject: Subject,
    /// The file, which is replaced if it is there.
    pub path: PathBuf,
}

/// How the machine's roofline is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RooflineRequest {
    /// Threads that compute.
    pub threads: u32,
    /// Repetitions of each kind of work.
    pub repetitions: u32,
}
