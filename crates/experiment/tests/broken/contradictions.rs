//! Values that are right each, and not together.

use crate::sound::{Break, assert_broken};

const CONTRADICTIONS: &[Break] = &[
    ("[8, 20]", "[8, 20, 8]", "4:20: depth: `8` is listed twice"),
    ("threads: [1, 2]", "threads: [1, 1]", "12:14: threads: `1` is listed twice"),
    (
        "[burn/ndarray, burn/candle",
        "[burn/ndarray, burn/candle, burn/candle",
        "8:38: engines: `burn/candle` is listed twice",
    ),
    ("optimize: full", "optimize: [full, none, full]", "8:89: optimize: `full` is listed twice"),
    (
        "[burn/ndarray, burn/candle",
        "[burn/ndarray, burn/candle, { engine: tract, options: { optimize: [none, full] } }",
        "8:94: engines: `tract{optimize=full}` is listed twice",
    ),
    (
        "{ engine: onnxruntime, options: { graph_optimization: disabled } }",
        "burn/ndarray",
        "17:11: the stand-in `burn/ndarray` is absent where the baseline is; name another engine",
    ),
    (
        "  - network: resnet18\n",
        "  - { pattern: plain, depth: 20, width: 32 }\n  - network: resnet18\n",
        "6:5: `plain-d20-w32` is in an earlier row; list it once",
    ),
    (
        "  - network: resnet18\n",
        "  - network: resnet18\n    pattern: plain\n",
        "6:14: a row has one of `pattern`, `network` and `onnx`; make two rows",
    ),
    (
        "  - network: resnet18\n    from",
        "  - from",
        "6:5: a row has `pattern`, `network` or `onnx`, got none of them",
    ),
    ("    from: standard", "    depth: 8", "7:12: a network has no `depth` to set; remove it"),
    (
        "  - { network: resnet18, engine",
        "  - { network: resnet50, engine",
        "16:5: the exclusion matches no cell; correct or remove it",
    ),
    (
        "  - { network: resnet18, engine",
        "  - { architecture: plain-d9-w32, engine",
        "16:5: the exclusion matches no cell; correct or remove it",
    ),
    (
        "  - { network: resnet18, engine",
        "  - { network: resnet18, pattern: plain, engine",
        "16:5: an exclusion names one of `architecture`, `pattern` and `network`; make two",
    ),
    (
        "network: resnet18, engine: tract, ",
        "",
        "16:5: an exclusion names an `architecture`, `pattern`, `network` or `engine`; it names none",
    ),
    (
        "resnet18, engine: tract",
        "resnet18, engine: burn/ndarray",
        "16:34: the baseline `burn/ndarray` cannot be excluded alone; remove `engine` to exclude the architecture on every engine",
    ),
    (
        "resnet18, engine: tract",
        "resnet18, engine: onnxruntime",
        "16:34: the stand-in `onnxruntime` cannot be excluded alone; remove `engine` to exclude the architecture on every engine",
    ),
    (
        "exclude:\n",
        "exclude:\n  - { pattern: plain, why: a }\n  - { pattern: residual, why: b }\n  - { network: resnet18, why: c }\n",
        "16:3: the exclusions leave no cell; remove one",
    ),
];

#[test]
fn values_that_contradict_each_other_are_refused() {
    assert_broken(CONTRADICTIONS);
}
