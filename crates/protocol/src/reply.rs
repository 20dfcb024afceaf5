use serde::{Deserialize, Serialize};

use crate::{Description, Identity, Inspection, Precision, Refusal, Roofline};

/// What a worker answers, one line per request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Describe`.
    Description(Description),
    /// To `Inspect`.
    Inspected(Box<Inspection>),
    /// To `Export`.
    Exported(Exported),
    /// To `Roofline`.
    Roofline(Roofline),
    /// To `Prepare`.
    Prepared(Prepared),
    /// To `WarmUp`.
    WarmedUp(WarmedUp),
    /// To `Block`.
    Block(TakenBlock),
    /// To any request: the cell ends here.
    Refused(Refusal),
}

/// A loaded model's first answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// The engine as it runs this job.
    pub identity: Identity,
    /// Number format it computes in, which decides how near its logits must be to the reference's.
    pub precision: Precision,
    /// Time to build the model and fill its weights, in nanoseconds.
    pub load_ns: u64,
    /// Latency of the first inference, in nanoseconds.
    pub first_inference_ns: u64,
    /// Logits of the first inference on each image buffer, `[buffer, batch, classes]` in row order;
    /// all finite.
    pub logits: Vec<f32>,
}

/// A written ONNX file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// Time to record the network, in nanoseconds.
    pub record_ns: u64,
    /// Time to write the file, in nanoseconds.
    pub write_ns: u64,
    /// Largest resident set of the worker so far, in bytes.
    pub peak_rss_bytes: u64,
    /// Bytes of the network's weights.
    pub weight_bytes: u64,
}

/// How the warm-up went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarmedUp {
    /// Inferences spent.
    pub inferences: u64,
    /// Time spent, in nanoseconds.
    pub wall_ns: u64,
    /// Whether latency was steady before the cap.
    pub stable: bool,
}

/// One block of consecutive inferences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBlock {
    /// Latency of each inference in the order they ran, in nanoseconds.
    pub samples_ns: Vec<u64>,
    /// Wall time of the block, in nanoseconds.
    pub wall_ns: u64,
    /// Processor time of the worker's whole process during the block, in nanoseconds.
    pub cpu_ns: u64,
    /// Largest resident set of the worker so far, in bytes.
    pub peak_rss_bytes: u64,
}
