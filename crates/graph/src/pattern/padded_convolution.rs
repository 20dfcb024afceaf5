use super::Rewrite;
use super::padding::{Padded, together};
use crate::record::Draft;
use crate::{ConvolutionOperator, Operator};

/// A convolution of an image with zeros around it: one with more padding.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let Operator::Conv(convolution) = node.operator else { return None };
    let padded = Padded::of(draft, node.inputs[0]).filter(|padded| padded.number == 0.0)?;
    let padding = together(convolution.padding, padded.padding);
    let mut inputs = node.inputs.clone();
    inputs[0] = padded.image;
    Some(Rewrite::Operator(Operator::Conv(ConvolutionOperator { padding, ..convolution }), inputs))
}
