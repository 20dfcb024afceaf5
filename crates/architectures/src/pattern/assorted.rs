//! Assorted: each block is another one, drawn from kinds of operators, sizes and orders that networks have or might have.
//!
//! A network for measuring operators rather than for seeing: whoever predicts latencies learns from it what kernels, groups,
//! strides and sizes cost that no published network happens to have. Source: ours. The convolutions are near identity for the
//! reason that [`super::plain`] has.

use formbench_blueprint::{Activation, Convolution, Features, Net, Pool};
use formbench_seed::Stream;

use super::{Form, Pattern, Place};
use crate::block::SqueezeExcite;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "assorted",
    source: "drawn by formbench, for operators that no network has",
    multiple: 8,
    form: Form::Stages(block),
};

/// What mixes channels, with the shape of its kernel.
#[derive(Clone, Copy, Debug)]
enum Mixing {
    Dense { kernel: usize },
    Grouped { kernel: usize, groups: usize },
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
    Shuffle { groups: usize },
}

const MIXINGS: [Mixing; 14] = [
    Mixing::Dense { kernel: 3 },
    Mixing::Dense { kernel: 5 },
    Mixing::Dense { kernel: 7 },
    Mixing::Grouped { kernel: 3, groups: 2 },
    Mixing::Grouped { kernel: 3, groups: 4 },
    Mixing::Grouped { kernel: 3, groups: 8 },
    Mixing::Grouped { kernel: 5, groups: 4 },
    Mixing::Depthwise { kernel: 3 },
    Mixing::Depthwise { kernel: 5 },
    Mixing::Depthwise { kernel: 7 },
    Mixing::Depthwise { kernel: 9 },
    Mixing::Depthwise { kernel: 11 },
    Mixing::Pointwise,
    Mixing::Pointwise,
];

const ACTIVATIONS: [Activation; 6] = [
    Activation::Identity,
    Activation::Relu,
    Activation::Relu6,
    Activation::Silu,
    Activation::HardSwish,
    Activation::Gelu,
];

const COMPANIONS: [Companion; 10] = [
    Companion::Nothing,
    Companion::Nothing,
    Companion::Shortcut,
    Companion::Shortcut,
    Companion::MaxPool { kernel: 3 },
    Companion::MaxPool { kernel: 5 },
    Companion::MeanPool { kernel: 3 },
    Companion::Excitation,
    Companion::Halves,
    Companion::Shuffle { groups: 4 },
];

/// Returns what was drawn for a place. It depends on the place alone, so that an architecture is the same everywhere.
fn drawn(place: &Place) -> (Mixing, Activation, Companion) {
    let facts = [place.channels_out, place.index, place.blocks, place.stride];
    let key = facts.map(|fact| (fact as u64).to_le_bytes()).concat();
    let mut stream = Stream::new(&[b"assorted", &key]);
    let mut draw = |count: usize| {
        stream.whole(1, 0, count as i64 - 1).first().map_or(0, |&number| number as usize)
    };
    let mixing = MIXINGS[draw(MIXINGS.len())];
    let activation = ACTIVATIONS[draw(ACTIVATIONS.len())];
    (mixing, activation, COMPANIONS[draw(COMPANIONS.len())])
}

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let (mixing, activation, companion) = drawn(place);
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
    let spatial = |kernel: usize| {
        Convolution::new(kernel, place.channels_out).stride(place.stride).near_identity()
    };
    let pointwise = Convolution::new(1, place.channels_out).near_identity();
    match mixing {
        Mixing::Dense { kernel } => net.conv_norm("dense", input, spatial(kernel), activation),
        Mixing::Grouped { kernel, groups } => {
            net.conv_norm("grouped", input, spatial(kernel).groups(groups), activation)
        }
        Mixing::Depthwise { kernel } => {
            let depthwise = Convolution::depthwise(kernel).stride(place.stride).near_identity();
            let each = net.conv_norm("depthwise", input, depthwise, activation);
            net.conv_norm("pointwise", each, pointwise, Activation::Identity)
        }
        Mixing::Pointwise => {
            let input = match place.stride {
                1 => input,
                stride => net.pool(input, Pool::max(3, stride).padding(1)),
            };
            net.conv_norm("pointwise", input, pointwise, activation)
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
        Companion::Nothing | Companion::Shortcut => mixed,
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
        Companion::Halves => {
            let kept = net.channels(mixed, 0, half);
            let other = net.channels(mixed, half, mixed.channels);
            let other = net.conv_norm(
                "half",
                other,
                Convolution::new(1, mixed.channels - half).near_identity(),
                Activation::Relu,
            );
            net.concatenate(&[kept, other])
        }
        Companion::Shuffle { groups } => net.shuffle(mixed, groups),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::probe;

    #[test]
    fn the_networks_of_its_experiment_have_hundreds_of_operators_that_differ() {
        let mut differing = BTreeSet::new();
        for (depth, width) in [(16, 8), (16, 16), (16, 24), (16, 32), (16, 48), (16, 64)] {
            let network = probe::pattern("assorted", depth, width);
            let shapes = network.shapes(224).unwrap();
            for (step, shape) in network.steps().iter().zip(shapes) {
                differing.insert(format!("{:?} {} {:?}", step.operation, shape.channels, shape.size));
            }
        }
        assert!(differing.len() >= 300, "{}", differing.len());
    }
}
