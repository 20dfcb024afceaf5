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
    /// `2 / fan_in` (He et al. 2015, arXiv:1502.01852). The statistics of a normalisation are near
    /// those to expect of its input, whose `variance` is given, its scales near `gain`, and its shifts
    /// near those of an untrained one.
    pub(super) fn of(field: &str, shape: &[usize], [variance, gain]: [f64; 2]) -> Option<Self> {
        let near = |centre| Some(Self { centre, half_width: 0.1 });
        let times = |scale: f64, near: Self| Self {
            centre: near.centre * scale as f32,
            half_width: near.half_width * scale as f32,
        };
        match (field, shape) {
            ("weight", [_, inputs, height, width]) => Some(Self::he(inputs * height * width)),
            // Burn's linear weights are `[inputs, outputs]`.
            ("weight", [inputs, _]) => Some(Self::he(*inputs)),
            ("gamma" | "factor", [_]) => near(1.0).map(|near| times(gain, near)),
            ("bias" | "beta" | "token", [_]) | ("positions", [_, _]) => near(0.0),
            ("running_var", [_]) => near(1.0).map(|near| times(variance, near)),
            ("running_mean", [_]) => near(0.0).map(|near| times(variance.sqrt(), near)),
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
        let conv = Uniform::of("weight", &[16, 8, 3, 3], [1.0, 1.0]).unwrap();
        assert_eq!(conv, Uniform { centre: 0.0, half_width: (6.0_f64 / 72.0).sqrt() as f32 });
        // Depthwise 3×3: sqrt(6 / 9).
        let depthwise = Uniform::of("weight", &[16, 1, 3, 3], [1.0, 1.0]).unwrap();
        assert_eq!(depthwise.half_width, (6.0_f64 / 9.0).sqrt() as f32);
        // 96 inputs: sqrt(6 / 96) = 0.25.
        let linear = Uniform::of("weight", &[96, 1000], [1.0, 1.0]).unwrap();
        assert_eq!(linear, Uniform { centre: 0.0, half_width: 0.25 });
    }

    #[test]
    fn statistics_are_those_of_the_input() {
        // Variance 4 ± a tenth of it, mean 0 ± a tenth of the deviation of 2.
        let variance = Uniform::of("running_var", &[16], [4.0, 1.0]).unwrap();
        assert_eq!(variance, Uniform { centre: 4.0, half_width: 0.4 });
        let mean = Uniform::of("running_mean", &[16], [4.0, 1.0]).unwrap();
        assert_eq!(mean, Uniform { centre: 0.0, half_width: 0.2 });
        // A quarter of 1 ± 0.1.
        let scale = Uniform::of("gamma", &[16], [4.0, 0.25]).unwrap();
        assert_eq!(scale, Uniform { centre: 0.25, half_width: 0.025 });
    }

    #[test]
    fn an_unknown_parameter_has_no_distribution() {
        assert_eq!(Uniform::of("temperature", &[1], [1.0, 1.0]), None);
        assert_eq!(Uniform::of("gamma", &[2, 2], [1.0, 1.0]), None);
    }
}
