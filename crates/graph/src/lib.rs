//! Records the forward pass of any Burn module as a graph: its cost, and an ONNX file; or reads the
//! graph from such a file.
//!
//! Owns the recording backend, the patterns by which element-wise operations become the operators
//! they stand for, the counts and the ONNX form. Must not know which architectures or engines exist.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod attributes;
mod error;
mod graph;
pub mod onnx;
mod operator;
mod pattern;
mod record;

pub use error::{GraphRecordError, OnnxError, ReadError};
pub use graph::{Element, Graph, Node, Value, ValueId};
pub use operator::{
    Binary, ConvolutionOperator, Interpolation, Operator, OperatorPadding, PoolOperator, Reduction,
    Unary,
};
pub use record::{GraphRecorder, Recording, RecordingDevice};
