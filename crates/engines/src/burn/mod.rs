//! Burn's backends as engines: one file each, sharing how a Burn network becomes a session.

#[cfg(feature = "burn-candle")]
mod candle;
#[cfg(feature = "burn-flex")]
mod flex;
#[cfg(feature = "burn-ndarray")]
mod ndarray;
mod session;
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

use formbench_protocol::{Device, DeviceKind, Identity};

/// The one Burn release that still has candle, ndarray, flex and wgpu together.
const BURN_VERSION: &str = "0.21.0";

/// Returns the identity of a backend that computes on the host's processor.
fn on_the_processor(name: &str) -> Identity {
    Identity {
        name: name.to_owned(),
        version: BURN_VERSION.to_owned(),
        device: Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu },
    }
}
