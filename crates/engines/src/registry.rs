use formbench_protocol::ArchitectureInfo;

use crate::{Engine, fake::Fake};

/// Returns every engine of this build, the reference engine first, instruments last.
pub fn engines() -> Vec<Box<dyn Engine>> {
    vec![
        #[cfg(feature = "burn-ndarray")]
        Box::new(crate::burn::NdArray),
        #[cfg(feature = "burn-candle")]
        Box::new(crate::burn::Candle),
        #[cfg(feature = "burn-flex")]
        Box::new(crate::burn::Flex),
        #[cfg(feature = "burn-wgpu")]
        Box::new(crate::burn::Wgpu),
        #[cfg(feature = "tract")]
        Box::new(crate::tract::Tract),
        #[cfg(feature = "onnxruntime")]
        Box::new(crate::onnxruntime::OnnxRuntime),
        #[cfg(feature = "openvino")]
        Box::new(crate::openvino::OpenVino),
        #[cfg(feature = "pytorch")]
        Box::new(crate::pytorch::PyTorch),
        Box::new(Fake),
    ]
}

/// Returns every architecture that this build's engines can build from source.
pub fn architectures() -> Vec<ArchitectureInfo> {
    #[cfg(feature = "burn")]
    return formbench_architectures::registry();
    #[cfg(not(feature = "burn"))]
    Vec::new()
}
