//! Assorted: each block is another one, of kinds of operators, sizes and orders that networks have or might have.
//!
//! A network for measuring operators rather than for seeing: whoever predicts latencies learns from it what kernels, groups,
//! strides and sizes cost that no published network happens to have. Source: ours. The convolutions are near identity for the
//! reason that [`super::plain`] has.

use formbench_blueprint::{Activation, Convolution, Features, Net, Pool};

use super::{Form, Pattern, Place};
use crate::block::SqueezeExcite;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "assorted",
    source: "collected by formbench, for operators that no network has",
    multiple: 1,
    form: Form::Stages(block),
};

/// What mixes channels and positions.
#[derive(Clone, Copy, Debug)]
enum Mixing {
    Dense { kernel: usize },
    Grouped { kernel: usize, group: usize, is_shuffled: bool },
    Depthwise { kernel: usize },
    Pointwise,
}

/// What stands beside or behind it.
#[derive(Clone, Copy, Debug)]
enum Companion {
    Nothing,
    Shortcut,
    MaxPool { kernel: usize },
    MeanPool { kernel: usize },
    Excitation,
    Halves,
}

const MIXINGS: [Mixing; 14] = [
    Mixing::Dense { kernel: 3 },
    Mixing::Depthwise { kernel: 3 },
    Mixing::Grouped { kernel: 3, group: 2, is_shuffled: true },
    Mixing::Dense { kernel: 5 },
    Mixing::Depthwise { kernel: 5 },
    Mixing::Grouped { kernel: 3, group: 4, is_shuffled: false },
    Mixing::Pointwise,
    Mixing::Dense { kernel: 7 },
    Mixing::Depthwise { kernel: 7 },
    Mixing::Grouped { kernel: 3, group: 16, is_shuffled: true },
    Mixing::Depthwise { kernel: 9 },
    Mixing::Grouped { kernel: 5, group: 8, is_shuffled: false },
    Mixing::Pointwise,
    Mixing::Depthwise { kernel: 11 },
];

const ACTIVATIONS: [Activation; 6] = [
    Activation::Relu,
    Activation::Silu,
    Activation::Identity,
    Activation::HardSwish,
    Activation::Relu6,
    Activation::Gelu,
];

const COMPANIONS: [Companion; 8] = [
    Companion::Nothing,
    Companion::Shortcut,
    Companion::MaxPool { kernel: 3 },
    Companion::Excitation,
    Companion::Shortcut,
    Companion::Halves,
    Companion::MeanPool { kernel: 3 },
    Companion::MaxPool { kernel: 5 },
];

/// Returns what a place holds. The lists are walked in steps that share no factor with their lengths, from where stage and depth
/// say, so that every kind of block is in some place; the width has no say, for a wider network has to cost more.
fn held(place: &Place) -> (Mixing, Activation, Companion) {
    let walk = |step: usize, of_stage: usize, of_depth: usize, length: usize| {
        (step * place.index + of_stage * place.stage + of_depth * place.blocks) % length
    };
    let mixing = MIXINGS[walk(3, 5, 1, MIXINGS.len())];
    let activation = ACTIVATIONS[walk(5, 1, 5, ACTIVATIONS.len())];
    (mixing, activation, COMPANIONS[walk(5, 3, 1, COMPANIONS.len())])
}

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let (mixing, activation, companion) = held(place);
    let mixed = mix(net, input, place, mixing, activation);
    accompany(net, mixed, input, place, companion)
}

fn mix(
    net: &mut Net,
    input: Features,
    place: &Place,
    mixing: Mixing,
    activation: Activation,
) -> Features {
    let Place { channels_out, stride, .. } = *place;
    let strided = |convolution: Convolution| convolution.stride(stride).near_identity();
    let pointwise = |channels| Convolution::new(1, channels).near_identity();
    match mixing {
        Mixing::Dense { kernel: 3 } => {
            net.conv_norm("dense", input, strided(Convolution::new(3, channels_out)), activation)
        }
        Mixing::Dense { kernel } => {
            // To as many channels as make it cost what 3×3 does, so that no block outweighs its stage.
            let inner = (9 * channels_out / (kernel * kernel)).max(1);
            let dense = strided(Convolution::new(kernel, inner));
            let inner = net.conv_norm("dense", input, dense, activation);
            net.conv_norm("pointwise", inner, pointwise(channels_out), activation)
        }
        Mixing::Grouped { kernel, group, is_shuffled } => {
            let groups = (channels_out / (2 * group)).max(1);
            let inner = groups * group;
            let reduced = net.conv_norm("reduce", input, pointwise(inner), activation);
            let grouped = strided(Convolution::new(kernel, inner).groups(groups));
            let mixed = net.conv_norm("grouped", reduced, grouped, activation);
            let mixed = if is_shuffled { net.shuffle(mixed, groups) } else { mixed };
            net.conv_norm("expand", mixed, pointwise(channels_out), Activation::Identity)
        }
        Mixing::Depthwise { kernel } => {
            let depthwise = strided(Convolution::depthwise(kernel));
            let each = net.conv_norm("depthwise", input, depthwise, activation);
            net.conv_norm("pointwise", each, pointwise(channels_out), Activation::Identity)
        }
        Mixing::Pointwise => {
            let input = match stride {
                1 => input,
                stride => net.pool(input, Pool::max(3, stride).padding(1)),
            };
            net.conv_norm("pointwise", input, pointwise(channels_out), activation)
        }
    }
}

fn accompany(
    net: &mut Net,
    mixed: Features,
    input: Features,
    place: &Place,
    companion: Companion,
) -> Features {
    let half = mixed.channels / 2;
    match companion {
        Companion::Shortcut if place.keeps_shape(input) => net.add(&[mixed, input]),
        Companion::Halves if half > 0 => {
            let kept = net.channels(mixed, 0, half);
            let other = net.channels(mixed, half, mixed.channels);
            let pointwise = Convolution::new(1, mixed.channels - half).near_identity();
            let other = net.conv_norm("half", other, pointwise, Activation::Relu);
            net.concatenate(&[kept, other])
        }
        Companion::Nothing | Companion::Shortcut | Companion::Halves => mixed,
        Companion::MaxPool { kernel } => net.pool(mixed, Pool::max(kernel, 1).padding(kernel / 2)),
        Companion::MeanPool { kernel } => {
            net.pool(mixed, Pool::average(kernel, 1).padding(kernel / 2))
        }
        Companion::Excitation => SqueezeExcite {
            squeezed: (mixed.channels / 4).max(1),
            activation: Activation::Relu,
            gate: Activation::Sigmoid,
        }
        .forward(net, mixed),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::probe;

    #[test]
    fn the_networks_of_its_experiment_have_hundreds_of_operators_that_differ() {
        let at = |depth: u32, widths: &[u32]| {
            widths.iter().map(move |&width| (depth, width)).collect::<Vec<_>>()
        };
        let all =
            [at(16, &[8, 16, 24, 32, 48, 64]), at(24, &[8, 16, 32, 48]), at(20, &[8, 16, 24, 40])];
        let mut differing = BTreeSet::new();
        for (depth, width) in all.concat() {
            let network = probe::pattern("assorted", depth, width);
            let shapes = network.shapes(224).unwrap();
            for (step, shape) in network.steps().iter().zip(shapes) {
                differing.insert(format!("{:?} {} {:?}", step.operation, shape.channels, shape.size));
            }
        }
        assert!(differing.len() >= 300, "{}", differing.len());
    }

    #[test]
    fn every_kind_of_block_is_somewhere_at_both_strides() {
        let before = Net::new().images();
        let mut seen = BTreeSet::new();
        for (blocks, stage) in (4..=11).flat_map(|blocks| (0..4).map(move |stage| (blocks, stage))) {
            for index in 0..blocks {
                let stride = if index == 0 && stage > 0 { 2 } else { 1 };
                let place = Place {
                    channels_out: 8,
                    stride,
                    stage,
                    index,
                    blocks,
                    before,
                    stride_before: 1,
                };
                seen.insert(format!("{:?} {stride}", held(&place).0));
            }
        }
        // Kinds that differ, both strides; the two pointwise ones are the same.
        assert_eq!(seen.len(), 2 * (MIXINGS.len() - 1), "{seen:?}");
    }
}
