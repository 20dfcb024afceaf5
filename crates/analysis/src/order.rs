//! The order that every figure and table keeps.

/// Engines in the order of every legend.
pub const ENGINES: [&str; 8] = [
    "burn/ndarray",
    "burn/candle",
    "burn/flex",
    "burn/wgpu",
    "pytorch",
    "openvino",
    "onnxruntime",
    "tract",
];

/// Patterns in the order of panels: formbench's choice for the study's claim first, with relatives.
pub const PATTERNS: [&str; 16] = [
    "plain",
    "residual",
    "bottleneck",
    "grouped-bottleneck",
    "depthwise-separable",
    "depthwise-bottleneck",
    "depthwise-bottleneck-se",
    "dense",
    "fire",
    "inception",
    "channel-shuffle",
    "ghost",
    "fused-bottleneck",
    "large-kernel-depthwise",
    "searched-cell",
    "attention",
];

/// How much an engine may rewrite a graph, from nothing to all.
const LEVELS: [&str; 4] = ["disabled", "basic", "extended", "all"];
const LEVEL: &str = "graph_optimization=";

/// Returns the place of an engine in legends; engines that are not listed come last, by name.
pub fn engine_order(engine: &str) -> usize {
    place(&ENGINES, engine)
}

/// Returns the place of a pattern among panels; patterns that are not listed come last, by name.
pub fn pattern_order(pattern: &str) -> usize {
    place(&PATTERNS, pattern)
}

/// Returns the place of a setting among those of one engine, by its label: what sets no level comes first, then from the
/// lowest level to the highest.
pub fn level_order(label: &str) -> usize {
    let level =
        label.split_once(LEVEL).map(|(_, rest)| rest.split([',', '}']).next().unwrap_or(rest));
    level.map_or(0, |level| place(&LEVELS, level) + 1)
}

fn place(names: &[&str], name: &str) -> usize {
    names.iter().position(|other| *other == name).unwrap_or(names.len())
}
