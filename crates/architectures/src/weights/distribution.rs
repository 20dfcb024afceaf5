/// A uniform distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Uniform {
    /// Its mean.
    pub(super) centre: f32,
    /// Largest distance from the mean.
    pub(super) half_width: f32,
}

impl Uniform {
    /// Returns the distribution of a parameter by its field name and shape, if there is a rule.
    ///
    /// Weights keep the second moment of what flows through a layer with ReLU: variance
    /// `2 / fan_in` (He et al. 2015, arXiv:1502.01852). The affine numbers of a normalisation are
    /// near those of an untrained one, but none of them can be left out unnoticed.
    pub(super) fn of(field: &str, shape: &[usize]) -> Option<Self> {
        let near = |centre| Some(Self { centre, half_width: 0.1 });
        match (field, shape) {
            ("weight", [_, inputs, height, width]) => Some(Self::he(inputs * height * width)),
            // Burn's linear weights are `[inputs, outputs]`.
            ("weight", [inputs, _]) => Some(Self::he(*inputs)),
            ("gamma" | "running_var", [_]) => near(1.0),
            ("bias" | "beta" | "running_mean", [_]) => near(0.0),
            _ => None,
        }
    }

    /// Returns the distribution of variance `2 / fan_in`; a uniform one has `half_width² / 3`.
    fn he(fan_in: usize) -> Self {
        Self { centre: 0.0, half_width: (6.0 / fan_in as f64).sqrt() as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_scaled_by_fan_in() {
        // 3×3 kernels over 8 channels: sqrt(6 / 72).
        let conv = Uniform::of("weight", &[16, 8, 3, 3]).unwrap();
        assert_eq!(conv, Uniform { centre: 0.0, half_width: (6.0_f64 / 72.0).sqrt() as f32 });
        // Depthwise 3×3: sqrt(6 / 9).
        let depthwise = Uniform::of("weight", &[16, 1, 3, 3]).unwrap();
        assert_eq!(depthwise.half_width, (6.0_f64 / 9.0).sqrt() as f32);
        // 96 inputs: sqrt(6 / 96) = 0.25.
        let linear = Uniform::of("weight", &[96, 1000]).unwrap();
        assert_eq!(linear, Uniform { centre: 0.0, half_width: 0.25 });
    }

    #[test]
    fn an_unknown_parameter_has_no_distribution() {
        assert_eq!(Uniform::of("temperature", &[1]), None);
        assert_eq!(Uniform::of("gamma", &[2, 2]), None);
    }
}
