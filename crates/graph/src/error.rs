use std::path::PathBuf;

/// Why a forward pass has no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// An operation has no operator.
    #[error("operation `{operation}` {place}: {reason}")]
    Unsupported {
        /// Name of Burn's operation.
        operation: String,
        /// The module that it belongs to, or the last one before it.
        place: String,
        /// What is missing, and the remedy.
        reason: String,
    },
    /// The forward pass asks for the numbers of a tensor that depends on the input.
    #[error(
        "{place}, the forward pass reads the numbers of a tensor; a recording knows only shapes: \
         keep the computation in tensors"
    )]
    ReadsData {
        /// The last module before.
        place: String,
    },
    /// A tensor is not on the recorder's device.
    #[error(
        "operation `{operation}` {place}: one of its tensors is not on the recorder's device; \
         build the module and all tensors on `Recorder::device`"
    )]
    OtherDevice {
        /// Name of Burn's operation.
        operation: String,
        /// The module that it belongs to, or the last one before it.
        place: String,
    },
    /// The forward pass panicked.
    #[error("{place}, the forward pass panicked: {message}")]
    Panicked {
        /// The last module before.
        place: String,
        /// What it said.
        message: String,
    },
    /// No operator stands between the input and the output.
    #[error("output `{output}` is not computed from input `{input}`: there is nothing to record")]
    Nothing {
        /// Name of the input.
        input: String,
        /// Name of the output.
        output: String,
    },
}

/// Why a graph has no ONNX file.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// The file would be larger than its format can hold.
    #[error(
        "the ONNX file would have {bytes} bytes, and its format holds {}: export fewer or smaller \
         weights",
        i32::MAX
    )]
    TooLarge {
        /// Size of the file.
        bytes: u64,
    },
    /// A node has no ONNX form.
    #[error("node `{node}`: {reason}")]
    Unsupported {
        /// Name of the node.
        node: String,
        /// What is missing.
        reason: String,
    },
    /// The file cannot be written.
    #[error("{}: cannot be written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
}
