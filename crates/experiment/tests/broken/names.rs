//! Names that are near to known ones, or not.

use crate::sound::{Break, assert_broken};

const UNKNOWN_NAMES: &[Break] = &[
    (
        "{ engine: tract,",
        "{ engine: tracht,",
        "8:48: unknown engine `tracht`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `tract`?)",
    ),
    (
        "burn/candle",
        "burn/cnadle",
        "8:25: unknown engine `burn/cnadle`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `burn/candle`?)",
    ),
    (
        "baseline: burn/ndarray",
        "baseline: tensorrt",
        "9:11: unknown engine `tensorrt`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch",
    ),
    (
        "[plain, residual]",
        "[plain, residul]",
        "3:22: unknown pattern `residul`; known: plain, residual, bottleneck, depthwise-bottleneck (did you mean `residual`?)",
    ),
    (
        "network: resnet18\n",
        "network: resnet-18\n",
        "6:14: unknown network `resnet-18`; known: resnet18, resnet50, mobilenet-v2 (did you mean `resnet18`?)",
    ),
    (
        "latency-by-depth",
        "latency-by-deph",
        "14:11: unknown figure `latency-by-deph`; known: speedup-by-pattern, latency-by-depth, latency-by-width (did you mean `latency-by-depth`?)",
    ),
    (
        "from: standard",
        "from: standart",
        "7:11: unknown profile `standart`; known: quick, standard, full (did you mean `standard`?)",
    ),
    (
        "optimize: full",
        "optimise: full",
        "8:66: unknown tract option `optimise`; known: optimize, level (did you mean `optimize`?)",
    ),
    (
        "burn/candle",
        "{ engine: burn/candle, options: { threads: 2 } }",
        "8:59: unknown burn/candle option `threads`; known: none",
    ),
    (
        "graph_optimization: disabled",
        "graph_optimization: al",
        "17:65: unknown value `al` for onnxruntime option `graph_optimization`; known: all, extended, basic, disabled (did you mean `all`?)",
    ),
    (
        "optimize: full",
        "optimize: [none, ful]",
        "8:83: unknown value `ful` for tract option `optimize`; known: full, declutter, none (did you mean `full`?)",
    ),
    (
        "optimize: full",
        "optimize: true",
        "8:76: unknown value `true` for tract option `optimize`; known: full, declutter, none",
    ),
    (
        "optimize: full",
        "optimize: 3",
        "8:76: unknown value `3` for tract option `optimize`; known: full, declutter, none",
    ),
    (
        "engine: onnxruntime",
        "engine: onxruntime",
        "17:21: unknown engine `onxruntime`; known: burn/ndarray, burn/candle, burn/flex, burn/wgpu, tract, onnxruntime, openvino, pytorch (did you mean `onnxruntime`?)",
    ),
    (
        "network: resnet18, engine",
        "network: alexnet, engine",
        "16:16: unknown network `alexnet`; known: resnet18, resnet50, mobilenet-v2",
    ),
];

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    assert_broken(UNKNOWN_NAMES);
}
