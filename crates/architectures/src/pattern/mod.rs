//! Macro-architecture design patterns: one block each, stacked alike.

mod facts;
mod plan;
mod stack;

pub(crate) use facts::{Pattern, Place};
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
}
