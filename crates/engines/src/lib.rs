//! What executes an architecture: the traits [`Engine`] and [`Session`], and one file per engine.
//!
//! Owns how a model is loaded and how one inference runs, and what each engine must be told about
//! threads. Must not know experiments, YAML, Parquet or figures, and holds no clock of its own
//! except the one a simulated engine needs.

#[cfg(feature = "burn")]
mod burn;
mod clock;
#[cfg(feature = "architectures")]
mod definition;
mod engine;
#[cfg(feature = "onnx")]
mod environment;
#[cfg(feature = "onnx")]
mod error_text;
pub mod fake;
mod instruction_set;
mod model;
#[cfg(feature = "onnx")]
mod onnx_engine;
#[cfg(feature = "onnx")]
mod onnx_file;
#[cfg(feature = "onnxruntime")]
mod onnxruntime;
#[cfg(feature = "openvino")]
mod openvino;
mod option;
#[cfg(feature = "pytorch")]
mod pytorch;
mod registry;
#[cfg(any(feature = "onnxruntime", feature = "openvino"))]
mod shared_library;
#[cfg(feature = "tract")]
mod tract;

pub use clock::Clock;
pub use engine::{Engine, Failure, Session, TimedOperators};
#[cfg(feature = "onnx")]
pub use environment::root as environment;
pub use model::Model;
#[cfg(feature = "onnx")]
pub use model::{ExportCost, export, inspect};
#[cfg(feature = "onnx")]
pub use onnx_file::interface;
pub use registry::{architectures, engines};
