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

use formbench_backends::{LoadedModule, Loading, Source};
use formbench_protocol::{Array, CLASSES, Device, DeviceKind, Identity, Refusal, Subject};

use crate::{Failure, Session, definition, instruction_set};

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

/// A loaded network as a session.
struct BurnSession {
    network: Box<dyn LoadedModule>,
    /// Images of an inference.
    batch: usize,
}

impl Session for BurnSession {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        let images = inputs.first().and_then(Array::as_floats);
        let images = images.ok_or_else(|| Failure::new("expected one batch of images"))?;
        let logits = self.network.infer(images).map_err(Failure::new)?;
        Ok(vec![Array::floats(&[self.batch, CLASSES], logits)])
    }
}

/// Returns the session of an architecture on a backend, or why there is none.
fn session(
    subject: &Subject,
    load: impl FnOnce(&Source<'_>) -> Loading,
) -> Result<Box<dyn Session>, Refusal> {
    let blueprint = definition::blueprint(subject)?;
    let source = Source {
        architecture: &subject.architecture.to_string(),
        blueprint: &blueprint,
        weights_seed: subject.weights_seed,
        shape: subject.input.require_images()?.shape(),
    };
    let network = load(&source).map_err(definition::unsupported)?;
    Ok(Box::new(BurnSession { network, batch: source.shape[0] }))
}
