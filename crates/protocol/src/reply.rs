use serde::{Deserialize, Serialize};

use crate::{
    Description, ElementType, Identity, Inspection, Interface, OperatorProfile, Precision, Refusal,
    Roofline, Values,
};

/// What a worker answers, one line per request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Describe`.
    Description(Description),
    /// To `Interface`.
    Interface(Interface),
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
    /// To `Profile`.
    Profile(OperatorProfile),
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
    /// What the first inference on each buffer gave, in the model's order; a network gives its logits. All numbers are
    /// finite.
    pub outputs: Vec<Output>,
}

/// One output of a model, of the first inference on each buffer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Its extents in the first of these inferences.
    pub shape: Vec<usize>,
    /// Type of its elements.
    pub element_type: ElementType,
    /// What the first buffer gave in row order, and behind it what the others did.
    pub values: Values,
}

impl Output {
    /// Returns logits, `[buffer, batch, classes]` in row order, as an output.
    pub fn logits(batch: usize, logits: Vec<f32>) -> Self {
        let classes = logits.len() / (crate::BUFFERS as usize * batch).max(1);
        Self {
            shape: vec![batch, classes],
            element_type: ElementType::F32,
            values: Values::Floats(logits),
        }
    }
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
