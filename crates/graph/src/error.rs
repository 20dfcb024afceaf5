use std::path::PathBuf;

/// Why a forward pass has no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphRecordError {
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
         build the module and all tensors on `GraphRecorder::device`"
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

/// Why an ONNX file has no graph, or cannot be given an input shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes are not those of an ONNX file.
    #[error("not an ONNX file: {reason}")]
    NotOnnx {
        /// What is wrong with them.
        reason: String,
    },
    /// The operators are of a version whose meaning is not known here.
    #[error(
        "operators of opset {found}, expected 7 to 22; convert the file with \
         `onnx.version_converter`"
    )]
    Opset {
        /// The version that the file names; 0 if it names none.
        found: i64,
    },
    /// A constant lies in another file.
    #[error(
        "constant `{constant}` lies in another file, `{location}`; embed it: in Python, \
         `onnx.save(onnx.load(\"model.onnx\"), \"embedded.onnx\")`"
    )]
    External {
        /// Name of the constant.
        constant: String,
        /// The other file.
        location: String,
    },
    /// More or fewer inputs or outputs than one.
    #[error("{} {what} ({}), expected 1", names.len(), listed(names))]
    Count {
        /// `inputs` or `outputs`.
        what: &'static str,
        /// Their names.
        names: Vec<String>,
    },
    /// The inputs are not those that were given shapes.
    #[error("its inputs are {}, and shapes are given for {}", listed(found), listed(given))]
    Inputs {
        /// Those of the file.
        found: Vec<String>,
        /// Those that are given shapes.
        given: Vec<String>,
    },
    /// A value holds another kind of elements than it may.
    #[error("{value} holds {found}, expected {expected}")]
    Element {
        /// The value, such as `` input `images` ``.
        value: String,
        /// What it holds.
        found: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// A value has another shape than it must have.
    #[error("{value} is {found}, expected {expected}; {remedy}")]
    Shape {
        /// The value, such as `` input `images` ``.
        value: String,
        /// Its shape; sizes that are not fixed by their names.
        found: String,
        /// The shape that it must have.
        expected: String,
        /// What brings it.
        remedy: &'static str,
    },
    /// A constant's elements cannot be read.
    #[error("constant `{constant}`: {reason}")]
    Constant {
        /// Name of the constant.
        constant: String,
        /// What is wrong.
        reason: String,
    },
    /// A value is read that nothing has written, or written twice.
    #[error("value `{value}` {reason}")]
    Value {
        /// Name of the value.
        value: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// An operator is not one of those that can be read.
    #[error("node `{node}`: operator `{operator}` of domain `{domain}` {reason}")]
    Operator {
        /// Name of the node.
        node: String,
        /// Name of the operator.
        operator: String,
        /// Where the operator is defined: `ai.onnx` for ONNX itself.
        domain: String,
        /// Why not, and what to do.
        reason: &'static str,
    },
    /// An operator is not read in this form.
    #[error("node `{node}`: {operator}: {reason}")]
    Node {
        /// Name of the node.
        node: String,
        /// Name of the operator.
        operator: String,
        /// What about it, and what is expected.
        reason: String,
    },
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
