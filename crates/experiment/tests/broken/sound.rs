//! What the tests break, and the message that says so.

use std::path::Path;

use formbench_experiment::{Vocabulary, parse_experiment};

use crate::words::vocabulary;

/// An experiment with every key; the tests break it in one place each.
pub const SOUND: &str = "\
question: Does depth matter?
architectures:
  - pattern: [plain, residual]
    depth: [8, 20]
    width: 32
  - network: resnet18
    from: standard
engines: [burn/ndarray, burn/candle, { engine: tract, options: { optimize: full } }]
baseline: burn/ndarray
input: { batch: 1, resolution: 96, seed: 7 }
weights_seed: 1
threads: [1, 2]
budget: { rounds: 5, ratio_half_width: 0.02, limit_s: 600 }
figures: [latency-by-depth]
exclude:
  - { network: resnet18, engine: tract, why: takes too long }
stand_in: { engine: onnxruntime, options: { graph_optimization: disabled } }
cache: { l3_mib: [4, 48] }
";

/// What stands in the sound experiment, what stands there instead, and the message without the
/// file's name.
pub type Break = (&'static str, &'static str, &'static str);

/// Returns the names that the messages list, few enough to be read.
fn few_words() -> Vocabulary {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Vocabulary {
        patterns: owned(&["plain", "residual", "bottleneck", "depthwise-bottleneck"]),
        networks: owned(&["resnet18", "resnet50", "mobilenet-v2"]),
        figures: owned(&["speedup-by-pattern", "latency-by-depth", "latency-by-width"]),
        ..vocabulary()
    }
}

/// Returns the message for `source` without the file's name.
pub fn message(source: &str) -> String {
    let path = Path::new("x.yaml");
    let error = parse_experiment("x", path, source, &few_words()).expect_err(source);
    let message = error.to_string();
    message.strip_prefix("x.yaml:").unwrap_or(&message).to_owned()
}

/// Breaks the sound experiment in one place each.
pub fn assert_broken(breaks: &[Break]) {
    for (sound, broken, expected) in breaks {
        assert_eq!(SOUND.matches(sound).count(), 1, "{sound:?} stands once");
        assert_eq!(message(&SOUND.replace(sound, broken)), *expected, "with {broken:?}");
    }
}

#[test]
fn the_sound_experiment_is_sound() {
    assert!(parse_experiment("x", Path::new("x.yaml"), SOUND, &few_words()).is_ok());
}
