//! Burn's backends as engines: one file each, sharing how a loaded network becomes a session.

#[cfg(feature = "burn-candle")]
mod candle;
#[cfg(feature = "burn-flex")]
mod flex;
#[cfg(feature = "burn-ndarray")]
mod ndarray;
#[cfg(feature = "burn-wgpu")]
mod wgpu;

#[cfg(feature = "burn-candle")]
pub use candle::Candle;
#[cfg(feature = "burn-flex")]
pub use flex::Flex;
#[cfg(feature = "burn-ndarray")]
pub use ndarray::NdArray;
#[cfg(feature = "burn-wgpu")]
pub use wgpu::Wgpu;

use std::time::{Duration, Instant};

use formbench_backends::{LoadedModel, Loading, Source};
use formbench_protocol::{
    Architecture, Array, Device, DeviceKind, Identity, OperatorTime, Refusal, Subject,
};

use crate::{Failure, Session, TimedOperators, definition, instruction_set, onnx_file};

/// The one Burn release that still has candle, ndarray, flex and wgpu together.
const BURN_VERSION: &str = "0.21.0";

/// What gemm, with which candle and flex multiply matrices, chooses from when it runs: its kernels
/// for wider vectors are not built in.
const GEMM: &[&str] = &["avx2", "neon"];

/// What matrixmultiply, with which ndarray does, chooses from.
const MATRIXMULTIPLY: &[&str] = &["avx512f", "avx2", "neon"];

/// Returns the identity of a backend that computes on the host's processor, with the instruction
/// sets that its matrix products choose from.
fn on_the_processor(name: &str, instruction_sets: &[&str]) -> Identity {
    Identity {
        name: name.to_owned(),
        version: BURN_VERSION.to_owned(),
        build: format!("rustc for {}", std::env::consts::ARCH),
        instruction_set: instruction_set::widest(instruction_sets),
        device: Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu },
    }
}

/// A loaded model as a session.
struct BurnSession(Box<dyn LoadedModel>);

impl Session for BurnSession {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        self.0.infer(inputs).map_err(Failure::new)
    }

    fn operator_times(&mut self, inputs: &[Array]) -> Result<TimedOperators, Failure> {
        let mut operators = Vec::new();
        let (mut first, mut last) = (None, Instant::now());
        let mut step = |ran: Option<(&str, &str)>| {
            let now = Instant::now();
            first.get_or_insert(now);
            operators.extend(ran.map(|(name, kind)| OperatorTime {
                name: name.to_owned(),
                kind: kind.to_owned(),
                nodes: vec![name.to_owned()],
                ns: now.duration_since(last).as_nanos() as f64,
            }));
            last = now;
        };
        self.0.infer_in_steps(inputs, &mut step).map_err(Failure::new)?;
        let span = first.map_or(Duration::ZERO, |first| last.duration_since(first));
        Ok(TimedOperators { operators, span_ns: span.as_nanos() as f64 })
    }
}

/// Returns the session of an architecture on a backend, or why there is none: of its modules, or of the graph in a file.
fn session(
    subject: &Subject,
    load: impl FnOnce(Source<'_>) -> Loading,
) -> Result<Box<dyn Session>, Refusal> {
    let loaded = if let Architecture::File(file) = &subject.architecture {
        load(Source::Graph(onnx_file::graph(file, &subject.input)?))
    } else {
        let blueprint = definition::blueprint(subject)?;
        load(Source::Module {
            architecture: &subject.architecture.to_string(),
            blueprint: &blueprint,
            weights_seed: subject.weights_seed,
            shape: subject.input.require_images()?.shape(),
        })
    };
    self::loaded(loaded)
}

/// Returns the session of what a backend loaded.
fn loaded(loading: Loading) -> Result<Box<dyn Session>, Refusal> {
    let model = loading.map_err(definition::unsupported)?;
    Ok(Box::new(BurnSession(model)))
}
