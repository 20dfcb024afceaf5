//! ResNet: the residual pattern and the bottleneck pattern as networks.
//!
//! Source: He et al. 2015, arXiv:1512.03385, table 1. Departure: the bottleneck's stride is on its
//! 3×3 convolution, as torchvision has it ("v1.5").

use burn::tensor::backend::Backend;

use super::{Family, Variant};
use crate::pattern::bottleneck::Bottleneck;
use crate::pattern::residual::Residual;
use crate::pattern::{Plan, Stack, Stage};
use crate::weights::Weights;
use crate::{ArchitectureError, BuiltNetwork};

/// Channels out of the stem.
const STEM_CHANNELS: usize = 64;

/// The block a variant is made of.
pub(crate) enum Kind {
    /// Two 3×3 convolutions; 64 to 512 channels.
    Residual,
    /// 1×1, 3×3, 1×1; 256 to 2048 channels.
    Bottleneck,
}

/// Block and number of blocks in each stage.
pub(crate) struct Facts(Kind, [usize; 4]);

/// The variants.
pub(crate) const FAMILY: Family<Facts> = Family {
    source: "He et al. 2015, arXiv:1512.03385, table 1",
    variants: &[
        Variant {
            name: "resnet18",
            parameters: 11_689_512,
            facts: Facts(Kind::Residual, [2, 2, 2, 2]),
        },
        Variant {
            name: "resnet34",
            parameters: 21_797_672,
            facts: Facts(Kind::Residual, [3, 4, 6, 3]),
        },
        Variant {
            name: "resnet50",
            parameters: 25_557_032,
            facts: Facts(Kind::Bottleneck, [3, 4, 6, 3]),
        },
        Variant {
            name: "resnet101",
            parameters: 44_549_160,
            facts: Facts(Kind::Bottleneck, [3, 4, 23, 3]),
        },
        Variant {
            name: "resnet152",
            parameters: 60_192_808,
            facts: Facts(Kind::Bottleneck, [3, 8, 36, 3]),
        },
    ],
};

/// Returns the network of a variant with its weights.
///
/// # Errors
/// A parameter has no distribution.
pub(crate) fn build<B: Backend>(
    Facts(kind, blocks): &Facts,
    weights: Weights<'_, B>,
) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError> {
    let device = weights.device();
    match kind {
        Kind::Residual => {
            weights.fill_boxed(Stack::<B, Residual<B>>::new(&plan(blocks, 64), device))
        }
        Kind::Bottleneck => {
            weights.fill_boxed(Stack::<B, Bottleneck<B>>::new(&plan(blocks, 256), device))
        }
    }
}

/// Returns the stages; each has twice the channels of the one before.
fn plan(blocks: &[usize; 4], first_channels: usize) -> Plan {
    let stage = |i: usize| Stage { blocks: blocks[i], channels: first_channels << i };
    Plan { stem_channels: STEM_CHANNELS, stages: [0, 1, 2, 3].map(stage) }
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;

    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        for variant in FAMILY.variants {
            probe::assert_output_shape(&probe::network(variant.name));
        }
    }

    #[test]
    fn parameters_match_the_reference() {
        // torchvision 0.24.
        let counted = FAMILY.variants.iter().map(|variant| {
            let Facts(kind, blocks) = &variant.facts;
            let device = Default::default();
            let count = match kind {
                Kind::Residual => {
                    probe::parameters(&Stack::<Flex, Residual<_>>::new(&plan(blocks, 64), &device))
                }
                Kind::Bottleneck => probe::parameters(&Stack::<Flex, Bottleneck<_>>::new(
                    &plan(blocks, 256),
                    &device,
                )),
            };
            (variant.name, count)
        });
        let expected = [
            ("resnet18", 11_689_512),
            ("resnet34", 21_797_672),
            ("resnet50", 25_557_032),
            ("resnet101", 44_549_160),
            ("resnet152", 60_192_808),
        ];
        assert_eq!(counted.collect::<Vec<_>>(), expected);
    }
}
