//! Sequences of operators that stand for one operator, recognised on the draft of a graph.
//!
//! Each pattern looks at one node, the last of its sequence, and back from there. What it puts in
//! the node's place computes the same; a node of the sequence that something else reads stays.

mod batch_normalization;
mod channels;
mod clip;
mod corrected_average_pool;
mod gelu;
mod global_average_pool;
mod hard_sigmoid;
mod hard_swish;
mod layer_normalization;
mod leaky_relu;
mod neutral;
mod non_negative;
mod padded_average_pool;
mod padded_convolution;
mod padded_max_pool;
mod padding;
mod prelu;
mod relu;
mod reshape;
mod selection;
mod sigmoid;
mod sign;
mod softmax;
mod softplus;

use crate::record::{Draft, DraftNode};
use crate::{Operator, ValueId};

/// What comes in the place of a node.
pub(crate) enum Rewrite {
    /// Another operator, and what it reads.
    Operator(Operator, Vec<ValueId>),
    /// Some nodes; the last writes what the node wrote.
    Nodes(Vec<DraftNode>),
    /// Nothing: the output is this value.
    Value(ValueId),
}

/// Returns what comes in the place of the node at an index, if that ends the pattern's sequence.
type Pattern = fn(&mut Draft, usize) -> Option<Rewrite>;

/// All patterns. A sigmoid has a softplus in it, so it comes first.
const PATTERNS: [Pattern; 21] = [
    sigmoid::of,
    softplus::of,
    relu::of,
    clip::of,
    leaky_relu::of,
    prelu::of,
    sign::of,
    hard_sigmoid::of,
    hard_swish::of,
    gelu::of,
    softmax::of,
    batch_normalization::of,
    layer_normalization::of,
    global_average_pool::of,
    neutral::of,
    reshape::of,
    padded_convolution::of,
    padded_max_pool::of,
    padded_average_pool::of,
    corrected_average_pool::of,
    clip::of_clip,
];

/// Applies all patterns until none finds anything.
pub(crate) fn recognise(draft: &mut Draft) {
    while PATTERNS.iter().any(|pattern| apply(draft, *pattern)) {}
}

/// Applies a pattern to each node; returns whether it found anything.
fn apply(draft: &mut Draft, pattern: Pattern) -> bool {
    let (mut at, mut changed) = (0, false);
    while at < draft.nodes().len() {
        if let Some(rewrite) = pattern(draft, at) {
            rewrite.apply(draft, at);
            changed = true;
        }
        at += 1;
    }
    changed
}

impl Rewrite {
    fn apply(self, draft: &mut Draft, at: usize) {
        match self {
            Self::Operator(operator, inputs) => {
                let output = draft.nodes()[at].output;
                draft.replace(at, vec![DraftNode { operator, inputs, output }]);
            }
            Self::Nodes(nodes) => draft.replace(at, nodes),
            Self::Value(value) => draft.bypass(at, value),
        }
    }
}
