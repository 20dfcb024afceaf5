//! Grouped bottleneck: 1×1 to half of the channels, grouped 3×3, 1×1 back, added to a shortcut.
//!
//! Source: Xie et al. 2016, arXiv:1611.05431, table 1 and figure 3c. Departure: groups of 4 channels
//! in every stage, as in the first of ResNeXt-50 (32×4d), so that there are more groups where there
//! are more channels, not larger ones.

use formbench_blueprint::{Convolution, Features, Net};

use super::{Form, Pattern, Place, bottleneck};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "grouped-bottleneck",
    source: "Xie et al. 2016, arXiv:1611.05431, table 1",
    multiple: 1,
    form: Form::Stages(block),
};

/// Channels of each group.
const GROUP: usize = 4;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let inner = inner(place.channels_out);
    let spatial = Convolution::new(3, inner).groups(inner / GROUP);
    bottleneck::with_inner(net, input, place, spatial, inner)
}

/// Returns the whole groups that are nearest to half of the channels, halves up, one at least.
fn inner(channels_out: usize) -> usize {
    let groups = (channels_out + GROUP) / (2 * GROUP);
    groups.max(1) * GROUP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A 1×1 convolution from i to o channels with its norm has i·o + 2·o parameters, a 3×3 one
        // in groups of 4 from m to m channels 9·4·m + 2·m.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with m = o / 2, (i·m + 2·m) + (36·m + 2·m) + (m·o + 2·o) + shortcut (i·o + 2·o):
        //   8 → 8: 40 + 152 + 48; 8 → 16: 80 + 304 + 160 + 160;
        //   16 → 32: 288 + 608 + 576 + 576; 32 → 64: 1088 + 1216 + 2176 + 2176.
        let expected = 1192 + 65_000 + 240 + 704 + 2048 + 6656;
        assert_eq!(probe::pattern("grouped-bottleneck", 4, 8).parameters(), expected);
    }

    #[test]
    fn half_of_the_channels_is_rounded_to_whole_groups() {
        // 0.5 to 4 at least; 5.5 to 4; 6, halfway between 4 and 8, up; 7.5 to 8.
        assert_eq!([1, 11, 12, 15, 16, 256].map(inner), [4, 4, 8, 8, 8, 128]);
    }
}
