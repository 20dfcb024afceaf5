//! The names that the tests' experiments use.

use formbench_experiment::{EngineWords, Vocabulary};

/// Returns the names of the committed experiments, and `tract` for an engine with options.
pub fn vocabulary() -> Vocabulary {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let engine = |name: &str, options: &[&str]| EngineWords {
        name: name.to_owned(),
        options: owned(options),
    };
    Vocabulary {
        patterns: owned(&["plain", "residual", "bottleneck", "depthwise-bottleneck"]),
        networks: owned(&["resnet18", "resnet50", "mobilenet-v2"]),
        engines: vec![
            engine("burn/ndarray", &[]),
            engine("burn/candle", &[]),
            engine("burn/flex", &[]),
            engine("burn/wgpu", &[]),
            engine("tract", &["optimize", "level"]),
        ],
        figures: owned(&[
            "speedup-by-pattern",
            "latency-by-depth",
            "latency-by-width",
            "network-latency",
            "network-speedup",
        ]),
    }
}
