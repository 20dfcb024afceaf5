//! The names that the tests' experiments use.

use std::sync::LazyLock;

use formbench_experiment::{EngineWords, OptionWords, Vocabulary};
use formbench_protocol::{ArchitectureInfo, ArchitectureKind, Width};

/// Returns the names of the committed experiments, and for `tract` an option of words and one that
/// takes any scalar.
pub fn vocabulary() -> Vocabulary {
    Vocabulary {
        patterns: architectures(ArchitectureKind::Pattern),
        networks: architectures(ArchitectureKind::Network),
        engines: vec![
            engine("burn/ndarray", &[]),
            engine("burn/candle", &[]),
            engine("burn/flex", &[("run", &["modules", "graph"])]),
            engine("burn/wgpu", &[]),
            engine("tract", &[("optimize", &["full", "declutter", "none"]), ("level", &[])]),
            engine(
                "onnxruntime",
                &[
                    ("graph_optimization", &["all", "extended", "basic", "disabled"]),
                    ("norm_folding", &["on", "off"]),
                    ("activation_fusion", &["on", "off"]),
                    ("blocked_layout", &["on", "off"]),
                ],
            ),
            engine("openvino", &[("precision", &["f32", "bf16", "f16"])]),
            engine(
                "pytorch",
                &[("mode", &["eager", "script", "compile"]), ("waiting", &["sleep", "spin"])],
            ),
        ],
        figures: figures(),
        // A width for each whole million that is asked for.
        fit: |pattern, depth, resolution, target| match target.value() / 1_000_000 {
            0 => Err(format!("{pattern} at depth {depth} and {resolution} pixels costs more")),
            millions => Ok(Width::from_eighths(millions as u32)),
        },
        processors: 4,
    }
}

/// The registry builds every network, so that it is asked once.
fn architectures(kind: ArchitectureKind) -> Vec<String> {
    static REGISTRY: LazyLock<Vec<ArchitectureInfo>> =
        LazyLock::new(formbench_architectures::registry);
    let of_kind = REGISTRY.iter().filter(|info| info.kind == kind);
    of_kind.map(|info| info.name.clone()).collect()
}

/// Returns the figures that the experiments' manual lists, which another test holds to those that are drawn.
fn figures() -> Vec<String> {
    const MANUAL: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../experiments/README.md"));
    let table = MANUAL.lines().skip_while(|line| !line.starts_with("| figure |")).skip(2);
    let names = table.map_while(|line| line.strip_prefix("| `")?.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
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
