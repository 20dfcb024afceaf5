use serde::{Deserialize, Serialize};

/// What an engine reports of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Registry name, such as `burn/candle`.
    pub name: String,
    /// Version of the engine; of Burn for Burn's backends.
    pub version: String,
    /// What the engine reports of how it was built, in one line; empty if it reports nothing.
    pub build: String,
    /// Vector instructions it computes with here: the widest set that it has kernels for and this
    /// processor offers, or what the engine itself reports; empty where none is known.
    pub instruction_set: String,
    /// Where it executes.
    pub device: Device,
}

/// The hardware an engine executes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Adapter or processor name as the driver reports it.
    pub name: String,
    /// What kind of hardware that is.
    pub kind: DeviceKind,
}

/// Kinds of device; a software rasteriser is never called a GPU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// The host's processor.
    #[default]
    Cpu,
    /// A GPU with memory of its own.
    DiscreteGpu,
    /// A GPU that shares the host's memory.
    IntegratedGpu,
    /// A GPU passed through by a hypervisor.
    VirtualGpu,
    /// A graphics interface executed by the processor, such as llvmpipe.
    SoftwareAdapter,
    /// No hardware: an instrument with a clock of its own.
    Simulated,
    /// The engine found nothing to execute on.
    Missing,
}

impl DeviceKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Cpu,
        Self::DiscreteGpu,
        Self::IntegratedGpu,
        Self::VirtualGpu,
        Self::SoftwareAdapter,
        Self::Simulated,
        Self::Missing,
    ];

    /// Returns whether it is a GPU.
    pub fn is_gpu(self) -> bool {
        matches!(self, Self::DiscreteGpu | Self::IntegratedGpu | Self::VirtualGpu)
    }

    /// Returns the name that data and figures carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::DiscreteGpu => "discrete-gpu",
            Self::IntegratedGpu => "integrated-gpu",
            Self::VirtualGpu => "virtual-gpu",
            Self::SoftwareAdapter => "software-adapter",
            Self::Simulated => "simulated",
            Self::Missing => "missing",
        }
    }
}
