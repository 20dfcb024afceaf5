use serde::{Deserialize, Serialize};

/// Number format that an engine computes in; inputs and outputs are always `f32`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// IEEE single precision.
    #[default]
    F32,
    /// IEEE half precision.
    F16,
    /// Eight bits of mantissa with the exponent of single precision.
    Bf16,
}

impl Precision {
    /// Returns the name that options and data carry.
    pub fn label(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
        }
    }
}
