//! The names that the tests' experiments use.

use formbench_experiment::{EngineWords, OptionWords, Vocabulary};

/// Returns the names of the committed experiments, and for `tract` an option of words and one that
/// takes any scalar.
pub fn vocabulary() -> Vocabulary {
    Vocabulary {
        patterns: owned(&["plain", "residual", "bottleneck", "depthwise-bottleneck"]),
        networks: owned(&["resnet18", "resnet50", "mobilenet-v2"]),
        engines: vec![
            engine("burn/ndarray", &[]),
            engine("burn/candle", &[]),
            engine("burn/flex", &[]),
            engine("burn/wgpu", &[]),
            engine("tract", &[("optimize", &["full", "declutter", "none"]), ("level", &[])]),
            engine(
                "onnxruntime",
                &[("graph_optimization", &["all", "extended", "basic", "disabled"])],
            ),
            engine("openvino", &[]),
            engine("pytorch", &[]),
        ],
        figures: owned(&[
            "speedup-by-pattern",
            "latency-by-depth",
            "latency-by-width",
            "latency-by-macs",
            "network-latency",
            "network-speedup",
            "roofline",
            "speedup-ladder",
        ]),
    }
}

fn engine(name: &str, options: &[(&str, &[&str])]) -> EngineWords {
    let option = |(name, values): &(&str, &[&str])| OptionWords {
        name: (*name).to_owned(),
        values: owned(values),
    };
    EngineWords { name: name.to_owned(), options: options.iter().map(option).collect() }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
