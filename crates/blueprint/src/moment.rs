//! How large the numbers that flow through a network with random weights are expected to be.
//!
//! Each batch norm divides by the size that its input is expected to have, as a trained one does.
//! So numbers neither vanish nor overflow in a network of any depth and wiring. The estimates need
//! not be close.

use crate::{Activation, Operation, PoolKind};

/// Expected mean squares of a layer's output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Of what is never negative, which a ReLU passes on.
    positive: f64,
    /// Of what is as often negative, of which a ReLU leaves half.
    symmetric: f64,
}

impl Moment {
    const fn symmetric(symmetric: f64) -> Self {
        Self { positive: 0.0, symmetric }
    }

    const fn positive(positive: f64) -> Self {
        Self { positive, symmetric: 0.0 }
    }

    /// Returns the mean square.
    pub(crate) fn total(self) -> f64 {
        self.positive + self.symmetric
    }

    fn times(self, factor: f64) -> Self {
        Self { positive: self.positive * factor, symmetric: self.symmetric * factor }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            positive: self.positive + other.positive,
            symmetric: self.symmetric + other.symmetric,
        }
    }
}

/// Returns what to expect of a layer's output, from what is expected of its inputs and, for
/// concatenated features, their channels.
pub(crate) fn moment(operation: &Operation, inputs: &[(Moment, usize)]) -> Moment {
    let first = inputs.first().map_or(Moment::symmetric(1.0), |(moment, _)| *moment);
    match operation {
        Operation::Images => Moment::symmetric(1.0),
        Operation::BatchNorm { variance, gain, .. } => first.times(gain * gain / variance),
        Operation::LayerNorm { .. } => Moment::symmetric(1.0),
        // The variance of weights is 2 / fan-in: He et al. 2015, arXiv:1502.01852.
        Operation::Convolution(_) | Operation::Linear { .. } => {
            Moment::symmetric(2.0 * first.total())
        }
        Operation::Activation(activation) => activated(*activation, first),
        // Of standard normal numbers behind a ReLU, as if they were independent.
        Operation::Pool(pool) => match pool.kind {
            PoolKind::Max => first.times(3.0),
            PoolKind::Average | PoolKind::AverageWithPadding => first.times(0.4),
        },
        // Values are averaged too, with weights.
        Operation::GlobalAverage
        | Operation::AdaptiveAverage { .. }
        | Operation::Attention { .. } => first.times(0.4),
        Operation::Add => {
            let all = inputs.iter().map(|(moment, _)| *moment);
            all.reduce(Moment::plus).unwrap_or(first)
        }
        Operation::Multiply => {
            let factors = inputs.iter().skip(1).map(|(moment, _)| moment.total());
            first.times(factors.product())
        }
        Operation::Concatenate => {
            let channels: usize = inputs.iter().map(|(_, channels)| channels).sum();
            let share = |own: usize| own as f64 / channels as f64;
            let all = inputs.iter().map(|(moment, own)| moment.times(share(*own)));
            all.reduce(Moment::plus).unwrap_or(first)
        }
        Operation::Scale { gain, .. } => first.times(gain * gain),
        Operation::Flatten { .. }
        | Operation::Channels { .. }
        | Operation::Shuffle { .. }
        | Operation::Shift
        | Operation::Tokens
        | Operation::Planes
        | Operation::ClassToken { .. }
        | Operation::Positions { .. }
        | Operation::FirstToken => first,
    }
}

/// Factors and values for standard normal numbers, to two digits.
fn activated(activation: Activation, input: Moment) -> Moment {
    match activation {
        Activation::Identity => input,
        Activation::Relu | Activation::Relu6 => {
            Moment::positive(input.positive + 0.5 * input.symmetric)
        }
        Activation::Silu => Moment::symmetric(0.36 * input.total()),
        Activation::HardSwish => Moment::symmetric(0.33 * input.total()),
        Activation::Gelu => Moment::symmetric(0.43 * input.total()),
        Activation::HardSigmoid => Moment::positive(0.28),
        Activation::Sigmoid => Moment::positive(0.29),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Activation::Identity, Activation::Relu, Convolution, Features, Net, Operation};

    /// The variances that a network's batch norms expect, and what they multiply by.
    fn norms(net: &Net) -> Vec<(f64, f64)> {
        let operations = net.steps().iter().map(|step| &step.operation);
        let norm = |operation: &Operation| match operation {
            Operation::BatchNorm { variance, gain, .. } => Some((*variance, *gain)),
            _ => None,
        };
        operations.filter_map(norm).collect()
    }

    fn conv(net: &mut Net, name: &str, input: Features) -> Features {
        net.conv_norm(name, input, Convolution::new(3, 3), Identity)
    }

    #[test]
    fn a_norm_expects_the_sum_of_a_shortcut_and_a_branch() {
        let mut net = Net::new();
        let images = net.images();
        let first = conv(&mut net, "first", images);
        let first = net.activation(first, Relu);
        let second = conv(&mut net, "second", first);
        let second = net.activation(second, Relu);
        let sum = net.add(&[first, second]);
        conv(&mut net, "third", sum);
        // Twice the images'; twice half of one; twice the sum of two halves.
        assert_eq!(norms(&net), [(2.0, 1.0), (1.0, 1.0), (2.0, 1.0)]);
    }

    #[test]
    fn a_branch_that_ends_in_a_norm_is_small_beside_its_shortcut() {
        let mut net = Net::new();
        let images = net.images();
        let shortcut = net.activation(images, Relu);
        let branch = conv(&mut net, "branch", shortcut);
        let sum = net.add(&[branch, shortcut]);
        let sum = net.activation(sum, Relu);
        conv(&mut net, "last", sum);
        // The branch expects twice a half, and is a quarter of it afterwards: its mean square is
        // 1/16. A ReLU leaves half of that, and all of the shortcut's half: twice 17/32.
        assert_eq!(norms(&net), [(1.0, 0.25), (1.0625, 1.0)]);
    }

    #[test]
    fn two_branches_that_end_in_norms_stay_as_they_are() {
        let mut net = Net::new();
        let images = net.images();
        let branches = [conv(&mut net, "one", images), conv(&mut net, "other", images)];
        net.add(&branches);
        assert_eq!(norms(&net), [(2.0, 1.0), (2.0, 1.0)]);
    }
}
