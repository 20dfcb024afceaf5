//! Macro-architecture design patterns: one block each, stacked alike.

mod config;
mod patches;
mod plan;
/// What CONTRIBUTING.md shows.
#[cfg(test)]
mod skeleton;
mod stack;

pub(crate) use config::{Form, Pattern, Place};
pub(crate) use patches::patches;
pub(crate) use stack::{Stage, stack};

/// Declares the patterns: a row each, in the order in which they are listed.
macro_rules! patterns {
    ($($file:ident,)*) => {
        $(pub(crate) mod $file;)*

        /// Every pattern.
        pub(crate) const PATTERNS: &[&Pattern] = &[$(&$file::PATTERN),*];

        /// Files of the patterns, in the same order.
        #[cfg(test)]
        pub(crate) const FILES: &[&str] = &[$(stringify!($file)),*];
    };
}

patterns! {
    plain,
    residual,
    bottleneck,
    grouped_bottleneck,
    depthwise_separable,
    depthwise_bottleneck,
    depthwise_bottleneck_se,
    dense,
    fire,
    inception,
    channel_shuffle,
    ghost,
    fused_bottleneck,
    large_kernel_depthwise,
    searched_cell,
    attention,
    assorted,
}

#[cfg(test)]
mod tests {
    use formbench_protocol::Width;

    use super::*;

    #[test]
    fn the_skeleton_of_contributing_is_a_pattern() {
        let manual = include_str!("../../../../CONTRIBUTING.md");
        let source = include_str!("skeleton.rs");
        let shown = &source[source.find("fn block(").unwrap()..];
        assert!(manual.contains(&format!("```rust\n{shown}```\n")));
        let network = skeleton::PATTERN.blueprint(4, Width::whole(8)).unwrap();
        // A 3×3 convolution from i to o channels with its norm has 9·i·o + 2·o parameters:
        //   8 → 8: 592; 8 → 16: 1184; 16 → 32: 4672; 32 → 64: 18560.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        assert_eq!(network.parameters(), 592 + 1184 + 4672 + 18_560 + 1192 + 65_000);
        // The stem halves 224 pixels twice, the last three stages once each: 56, 28, 14, 7.
        let shapes = network.shapes(224).unwrap();
        assert!(shapes.iter().any(|shape| (shape.channels, shape.size) == (64, [7, 7])));
    }
}
