//! Inception-v3: modules of four branches, large kernels factorised into small ones.
//!
//! Source: Szegedy et al. 2015, arXiv:1512.00567, table 1 and figures 5, 6, 7 and 10. Departure: as
//! the authors' release and torchvision have it, with another stem and with 5×5 left whole in one
//! branch of figure 5; without the auxiliary classifier, which is for training.

use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Features, Net, Pool};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{chain, stage};

/// The kinds of modules.
#[derive(Clone, Copy)]
enum Module {
    /// Figure 5, at 35×35 pixels, with so many channels behind the pool.
    Fine(usize),
    /// Figure 10, from 35×35 to 17×17.
    FineToMiddle,
    /// Figure 6 with n = 7, at 17×17 pixels, with so many channels between convolutions.
    Middle(usize),
    /// Figure 10 with 7×7 in its second branch, from 17×17 to 8×8.
    MiddleToCoarse,
    /// Figure 7, at 8×8 pixels.
    Coarse,
}

use Module::{Coarse, Fine, FineToMiddle, Middle, MiddleToCoarse};

/// Modules of each resolution.
const STAGES: [&[Module]; 3] = [
    &[Fine(32), Fine(64), Fine(64)],
    &[FineToMiddle, Middle(128), Middle(160), Middle(160), Middle(192)],
    &[MiddleToCoarse, Coarse, Coarse],
];

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Szegedy et al. 2015, arXiv:1512.00567, table 1",
    origin: HandDesigned,
    network,
    variants: &[Variant { name: "inception-v3", resolution: 299, config: () }],
};

fn network((): &()) -> Blueprint {
    let mut net = Net::new().with_epsilon(1e-3);
    let images = net.images();
    let first = [conv(3, 32).stride(2).padding(0), conv(3, 32).padding(0), conv(3, 64)];
    let features = chain(&mut net, "stem", images, &first);
    let features = net.pool(features, REDUCTION);
    let features = chain(&mut net, "second", features, &[conv(1, 80), conv(3, 192).padding(0)]);
    let mut features = net.pool(features, REDUCTION);
    for (number, modules) in STAGES.into_iter().enumerate() {
        features = stage(&mut net, number, features, modules, |net, input, module| match *module {
            Fine(projected) => fine(net, input, projected),
            FineToMiddle => fine_to_middle(net, input),
            Middle(inner) => middle(net, input, inner),
            MiddleToCoarse => middle_to_coarse(net, input),
            Coarse => coarse(net, input),
        });
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

/// In the stem, and beside convolutions that halve.
const REDUCTION: Pool = Pool::max(3, 2);

const fn conv(kernel: usize, channels: usize) -> Convolution {
    Convolution::new(kernel, channels)
}

/// Returns a convolution with a kernel of one row.
const fn row(width: usize, channels: usize) -> Convolution {
    Convolution::rectangular([1, width], channels)
}

/// Returns a convolution with a kernel of one column.
const fn column(height: usize, channels: usize) -> Convolution {
    Convolution::rectangular([height, 1], channels)
}

/// Returns a convolution that halves height and width.
const fn halving(channels: usize) -> Convolution {
    conv(3, channels).stride(2).padding(0)
}

/// Returns the branch of most modules that has a pool and a 1×1 convolution.
fn projection(net: &mut Net, input: Features, channels: usize) -> Features {
    let pool = net.pool(input, Pool::average(3, 1).padding(1).counting_padding());
    chain(net, "projection", pool, &[conv(1, channels)])
}

fn fine(net: &mut Net, input: Features, projected: usize) -> Features {
    let branches = [
        chain(net, "pointwise", input, &[conv(1, 64)]),
        chain(net, "once", input, &[conv(1, 48), conv(5, 64)]),
        chain(net, "twice", input, &[conv(1, 64), conv(3, 96), conv(3, 96)]),
        projection(net, input, projected),
    ];
    net.concatenate(&branches)
}

fn fine_to_middle(net: &mut Net, input: Features) -> Features {
    let branches = [
        chain(net, "once", input, &[halving(384)]),
        chain(net, "twice", input, &[conv(1, 64), conv(3, 96), halving(96)]),
        net.pool(input, REDUCTION),
    ];
    net.concatenate(&branches)
}

fn middle(net: &mut Net, input: Features, inner: usize) -> Features {
    let once = [conv(1, inner), row(7, inner), column(7, 192)];
    let twice = [conv(1, inner), column(7, inner), row(7, inner), column(7, inner), row(7, 192)];
    let branches = [
        chain(net, "pointwise", input, &[conv(1, 192)]),
        chain(net, "once", input, &once),
        chain(net, "twice", input, &twice),
        projection(net, input, 192),
    ];
    net.concatenate(&branches)
}

fn middle_to_coarse(net: &mut Net, input: Features) -> Features {
    let twice = [conv(1, 192), row(7, 192), column(7, 192), halving(192)];
    let branches = [
        chain(net, "once", input, &[conv(1, 192), halving(320)]),
        chain(net, "twice", input, &twice),
        net.pool(input, REDUCTION),
    ];
    net.concatenate(&branches)
}

fn coarse(net: &mut Net, input: Features) -> Features {
    let pointwise = chain(net, "pointwise", input, &[conv(1, 320)]);
    let [once_row, once_column] = split(net, "once", input, &[conv(1, 384)]);
    let [twice_row, twice_column] = split(net, "twice", input, &[conv(1, 448), conv(3, 384)]);
    let projected = projection(net, input, 192);
    net.concatenate(&[pointwise, once_row, once_column, twice_row, twice_column, projected])
}

/// Returns the two ends of a branch, `NAME.row` and `NAME.column`.
fn split(
    net: &mut Net,
    name: &str,
    input: Features,
    convolutions: &[Convolution],
) -> [Features; 2] {
    let features = chain(net, name, input, convolutions);
    net.within(name, |net| {
        let row = net.conv_norm("row", features, row(3, 384), Relu);
        [row, net.conv_norm("column", features, column(3, 384), Relu)]
    })
}
