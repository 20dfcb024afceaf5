//! Inception: 1×1, 3×3, 5×5 and a pool side by side, each behind or before a 1×1 convolution.
//!
//! Source: Szegedy et al. 2014, arXiv:1409.4842, figure 2b; shares of the channels are those of
//! table 1's module 3a. Departure: normalised, as in Ioffe and Szegedy 2015, arXiv:1502.03167. A
//! stage begins with the 3×3 max-pool of stride 2 that GoogLeNet has between its stages.

use formbench_blueprint::{Activation::Relu, Convolution, Features, Net, Pool};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "inception",
    source: "Szegedy et al. 2014, arXiv:1409.4842, table 1",
    multiple: 1,
    form: Form::Stages(block),
};

/// Channels of each convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shares {
    points: usize,
    reduce_3x3: usize,
    spatial_3x3: usize,
    reduce_5x5: usize,
    spatial_5x5: usize,
    pooled: usize,
}

impl Shares {
    /// Returns the shares of a block's channels: 64, 128, 32 and 32 of 256 in the branches, rounded
    /// down, but the second takes what the others leave; 96 and 16 of 256 in front of the second and
    /// third, one at least.
    fn of(channels_out: usize) -> Self {
        let (points, eighth) = (channels_out / 4, channels_out / 8);
        Self {
            points,
            reduce_3x3: (channels_out * 3 / 8).max(1),
            spatial_3x3: channels_out - points - 2 * eighth,
            reduce_5x5: (channels_out / 16).max(1),
            spatial_5x5: eighth,
            pooled: eighth,
        }
    }
}

/// Four branches, near identity for the reason that [`super::plain`] has; below eight channels those
/// without a channel are left out.
fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let input = match place.stride {
        1 => input,
        stride => net.pool(input, Pool::max(3, stride).padding(1)),
    };
    let shares = Shares::of(place.channels_out);
    let mut branches = Vec::with_capacity(4);
    if shares.points > 0 {
        branches.push(convolution(net, "points", input, 1, shares.points));
    }
    let reduced = convolution(net, "reduce-3x3", input, 1, shares.reduce_3x3);
    branches.push(convolution(net, "spatial-3x3", reduced, 3, shares.spatial_3x3));
    if shares.spatial_5x5 > 0 {
        let reduced = convolution(net, "reduce-5x5", input, 1, shares.reduce_5x5);
        branches.push(convolution(net, "spatial-5x5", reduced, 5, shares.spatial_5x5));
    }
    if shares.pooled > 0 {
        let pooled = net.pool(input, Pool::max(3, 1).padding(1));
        branches.push(convolution(net, "pooled", pooled, 1, shares.pooled));
    }
    net.concatenate(&branches)
}

fn convolution(
    net: &mut Net,
    name: &str,
    input: Features,
    kernel: usize,
    channels: usize,
) -> Features {
    net.conv_norm(name, input, Convolution::new(kernel, channels).near_identity(), Relu)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks, 1×1 + (1×1 + 3×3) + (1×1 + 5×5) + pooled 1×1:
        //   8 → 2, 3 → 4, 1 → 1, 1: 20 + (30 + 116) + (10 + 27) + 10;
        //   8 → 4, 6 → 8, 1 → 2, 2: 40 + (60 + 448) + (10 + 54) + 20;
        //   16 → 8, 12 → 16, 2 → 4, 4: 144 + (216 + 1760) + (36 + 208) + 72;
        //   32 → 16, 24 → 32, 4 → 8, 8: 544 + (816 + 6976) + (136 + 816) + 272.
        let expected = 1192 + 65_000 + 213 + 632 + 2436 + 9560;
        assert_eq!(probe::pattern("inception", 4, 8).parameters(), expected);
    }

    #[test]
    fn module_3a_is_that_of_the_table() {
        let Shares { points, reduce_3x3, spatial_3x3, reduce_5x5, spatial_5x5, pooled } =
            Shares::of(256);
        assert_eq!([points, reduce_3x3, spatial_3x3], [64, 96, 128]);
        assert_eq!([reduce_5x5, spatial_5x5, pooled], [16, 32, 32]);
    }

    #[test]
    fn the_branches_have_all_channels() {
        for channels in 1..=512 {
            let Shares { points, spatial_3x3, spatial_5x5, pooled, .. } = Shares::of(channels);
            assert_eq!(points + spatial_3x3 + spatial_5x5 + pooled, channels);
        }
    }
}
