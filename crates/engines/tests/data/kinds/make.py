"""Writes the ONNX files beside this script: small models, each of a kind that needs care.

Also writes `right.json`: of each model's outputs the first numbers and the sum, computed by onnx's reference
evaluator, which is no engine. Element `i` of a float input is `(37 i mod 101) / 101 - 0.5`, of any other `i mod 2`. Run it
with a Python that has NumPy and onnx, in this folder.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

RANDOM = np.random.default_rng(11)
IMAGE = [1, 3, 32, 32]
HERE = Path(__file__).parent


def drawn(*shape: int) -> np.ndarray:
    """Returns weights whose products keep the scale of what they are multiplied with."""
    return (RANDOM.standard_normal(shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


FILTERS, CLASSES = drawn(6, 3, 3, 3), drawn(5, 6)


def node(kind: str, reads: str, writes: str, **attributes: object) -> onnx.NodeProto:
    """Returns a node; names are parted by blanks."""
    return helper.make_node(kind, reads.split(), writes.split(), **attributes)


def value(name: str, shape: list[object], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    """Returns an input or an output."""
    return helper.make_tensor_value_info(name, kind, shape)


def classifier(features: str) -> list[onnx.NodeProto]:
    """Returns the nodes from planes of six channels to five logits."""
    return [
        node("GlobalAveragePool", features, "means"),
        node("Flatten", "means", "flat"),
        node("Gemm", "flat classes", "logits", transB=1),
    ]


def write(
    name: str,
    nodes: list[onnx.NodeProto],
    constants: dict[str, np.ndarray] | None = None,
    inputs: list[onnx.ValueInfoProto] | None = None,
    outputs: list[onnx.ValueInfoProto] | None = None,
    between: list[onnx.ValueInfoProto] | None = None,
    functions: list[onnx.FunctionProto] | None = None,
    opset: int = 17,
    as_inputs: bool = False,
) -> onnx.ModelProto:
    """Writes a file; by default of one image and five logits, with the usual weights."""
    constants = {"filters": FILTERS, "classes": CLASSES} if constants is None else constants
    inputs = list(inputs or [value("images", IMAGE)])
    if as_inputs:
        inputs += [value(key, list(array.shape)) for key, array in constants.items()]
    outputs = outputs or [value("logits", [1, 5])]
    held = [numpy_helper.from_array(array, key) for key, array in constants.items()]
    graph = helper.make_graph(nodes, name, inputs, outputs, held, value_info=between or [])
    sets = [helper.make_opsetid("", opset)]
    if functions:
        sets.append(helper.make_opsetid("own", 1))
    model = helper.make_model(graph, opset_imports=sets, ir_version=8, functions=functions or [])
    onnx.save(model, f"{name}.onnx")
    return model


def convolution(reads: str = "images", **attributes: object) -> onnx.NodeProto:
    """Returns the first layer."""
    return node("Conv", f"{reads} filters", "planes", kernel_shape=[3, 3], **attributes)


def main() -> None:
    """Writes every file."""
    plain = [convolution(), *classifier("planes")]
    write("symbolic-shapes", plain, between=[value("planes", ["n", 6, 30, 30])])
    write("constants-as-inputs", plain, as_inputs=True)
    write("node-named-class", [convolution(name="class"), *classifier("planes")])
    for word in ("in", "self"):
        nodes = [convolution(word), *classifier("planes")]
        write(f"input-named-{word}", nodes, inputs=[value(word, IMAGE)])
    contradicting = convolution(auto_pad="VALID", pads=[1, 1, 1, 1], name="first")
    write("valid-with-pads", [contradicting, *classifier("planes")])
    grey = {"filters": drawn(6, 1, 3, 3), "classes": CLASSES}
    write("grey", plain, grey, [value("images", [1, 1, 28, 28])])
    write("rectangle", plain, inputs=[value("images", [1, 3, 48, 64])])
    last = [node("Transpose", "images", "first", perm=[0, 3, 1, 2]), convolution("first")]
    write("channels-last", [*last, *classifier("planes")], inputs=[value("images", [1, 32, 32, 3])])
    best = [value("logits", [1, 5]), value("best", [1, 1], TensorProto.INT64)]
    write("two-outputs", [*plain, node("ArgMax", "logits", "best", axis=1)], outputs=best)
    segmenting = [convolution(pads=[1] * 4), node("Conv", "planes each", "map", kernel_shape=[1, 1])]
    pointwise = {"filters": FILTERS, "each": drawn(4, 6, 1, 1)}
    write("segmentation", segmenting, pointwise, outputs=[value("map", [1, 4, 32, 32])])
    parts = [value("left", [1, 1, 32, 32]), value("right", [1, 2, 32, 32])]
    joining = [node("Concat", "left right", "images", axis=1), *plain]
    write("two-inputs", joining, inputs=parts)
    table = {"table": drawn(100, 6), "classes": CLASSES}
    tokens = [
        node("Gather", "table tokens", "vectors"),
        node("ReduceMean", "vectors", "flat", axes=[1], keepdims=0),
        node("Gemm", "flat classes", "logits", transB=1),
    ]
    lengths = [value("tokens", ["batch", "length"], TensorProto.INT64)]
    write("tokens", tokens, table, lengths, [value("logits", ["batch", 5])])
    upsampled = [convolution(), node("Upsample", "planes scales", "large", mode="nearest")]
    scales = {"filters": FILTERS, "classes": CLASSES, "scales": np.float32([1, 1, 2, 2])}
    scales["bias"] = np.zeros(5, np.float32)
    nodes = [*upsampled, *classifier("large")]
    # Before opset 11 a product has a bias.
    nodes[-1].input.append("bias")
    write("upsample", nodes, scales, opset=9)
    pooled = node(
        "AveragePool", "planes", "pooled",
        kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, ceil_mode=1, count_include_pad=1,
    )  # fmt: skip
    write("average-pool-ceil", [convolution(), pooled, *classifier("pooled")])
    half = node("Constant", "", "half", value=numpy_helper.from_array(np.float64(0.5)))
    half.input.clear()
    halved = [half, node("Cast", "half", "factor", to=1), convolution()]
    halved += [node("Mul", "planes factor", "halved"), *classifier("halved")]
    write("double-constant", halved)
    body = [node("HardSigmoid", "x", "gate", alpha=1 / 6, beta=0.5), node("Mul", "x gate", "y")]
    own = helper.make_function("own", "Swish", ["x"], ["y"], body, [helper.make_opsetid("", 17)])
    swish = node("Swish", "planes", "active", domain="own")
    write("function", [convolution(), swish, *classifier("active")], functions=[own])
    tiny = {"filters": FILTERS, "classes": CLASSES, "tiny": FILTERS * np.float32(1e-38)}
    both = [convolution(), node("Conv", "images tiny", "nothing", kernel_shape=[3, 3])]
    both.append(node("Add", "planes nothing", "sum"))
    write("subnormal-weights", [*both, *classifier("sum")], tiny)
    quantised()
    external()
    detections()
    quantised_as_it_runs()


def quantised() -> None:
    """Two convolutions of 8-bit weights between quantised images."""
    constants = {"step": np.float32(0.05), "zero": np.uint8(128), "classes": CLASSES}
    nodes, reads, channels = [], "images", 3
    for at in range(2):
        floats = drawn(6, channels, 3, 3)
        scale = (np.abs(floats).max(axis=(1, 2, 3)) / 127).astype(np.float32)
        constants[f"w{at}"] = np.round(floats / scale[:, None, None, None]).astype(np.int8)
        constants[f"s{at}"], constants[f"z{at}"] = scale, np.zeros(6, np.int8)
        nodes += [
            node("QuantizeLinear", f"{reads} step zero", f"q{at}"),
            node("DequantizeLinear", f"q{at} step zero", f"x{at}"),
            node("DequantizeLinear", f"w{at} s{at} z{at}", f"f{at}", axis=0),
            node("Conv", f"x{at} f{at}", f"c{at}", kernel_shape=[3, 3]),
            node("Relu", f"c{at}", f"r{at}"),
        ]
        reads, channels = f"r{at}", 6
    constants = {name: np.asarray(array) for name, array in constants.items()}
    write("quantised", [*nodes, *classifier(reads)], constants, opset=13)


def external() -> None:
    """The usual network, its weights in a second file."""
    Path("external.onnx.data").unlink(missing_ok=True)
    model = write("external", [convolution(), *classifier("planes")])
    onnx.save(
        model, "external.onnx",
        save_as_external_data=True, location="external.onnx.data", size_threshold=0,
    )  # fmt: skip


def detections() -> None:
    """Boxes whose overlaps are suppressed, as a detector's end: how many are left follows from their values."""
    boxes = [value("boxes", [1, 24, 4]), value("scores", [1, 1, 24])]
    nodes = [
        node("NonMaxSuppression", "boxes scores most overlap", "selected"),
        node("Gather", "selected column", "places", axis=1),
        node("Squeeze", "boxes first", "all"),
        node("Gather", "all places", "chosen", axis=0),
    ]
    constants = {
        "most": np.int64([10]), "overlap": np.float32([0.3]), "column": np.int64(2), "first": np.int64([0])
    }  # fmt: skip
    constants = {name: np.asarray(array) for name, array in constants.items()}
    outputs = [value("selected", ["n", 3], TensorProto.INT64), value("chosen", ["n", 4])]
    write("detections", nodes, constants, boxes, outputs)


def quantised_as_it_runs() -> None:
    """Two products of 8-bit weights whose inputs are quantised anew in every inference, as for texts."""
    constants, nodes, reads = {}, [], "vectors"
    for at, (rows, columns) in enumerate([(32, 48), (48, 5)]):
        floats = drawn(columns, rows).T
        scale = np.float32(np.abs(floats).max() / 127)
        constants[f"w{at}"] = np.round(floats / scale).astype(np.int8)
        constants[f"s{at}"], constants[f"z{at}"] = np.asarray(scale), np.asarray(np.int8(0))
        result = "logits" if at == 1 else f"r{at}"
        nodes += [
            node("DynamicQuantizeLinear", reads, f"q{at} step{at} zero{at}"),
            node("MatMulInteger", f"q{at} w{at} zero{at} z{at}", f"i{at}"),
            node("Cast", f"i{at}", f"f{at}", to=1),
            node("Mul", f"step{at} s{at}", f"scale{at}"),
            node("Mul", f"f{at} scale{at}", f"m{at}" if at == 0 else result),
        ]
        if at == 0:
            nodes.append(node("Relu", "m0", "r0"))
        reads = result
    write("quantised-as-it-runs", nodes, constants, [value("vectors", [1, 32])])


def given(info: onnx.ValueInfoProto) -> np.ndarray:
    """Returns an input; a batch that is left open is 1, a length 16."""
    kind = helper.tensor_dtype_to_np_dtype(info.type.tensor_type.elem_type)
    left_open = {"batch": 1, "length": 16}
    sizes = [d.dim_value or left_open[d.dim_param] for d in info.type.tensor_type.shape.dim]
    at = np.arange(np.prod(sizes))
    numbers = (37 * at % 101) / 101 - 0.5 if np.issubdtype(kind, np.floating) else at % 2
    return numbers.reshape(sizes).astype(kind)


def evaluable(model: onnx.ModelProto) -> onnx.ModelProto:
    """Returns a model that means the same in operators that the reference evaluator has."""
    kinds = {node.op_type for node in model.graph.node}
    if "QuantizeLinear" in kinds:
        model.opset_import[0].version = 19
    if "Upsample" in kinds:
        model.opset_import[0].version = 17
        old = next(node for node in model.graph.node if node.op_type == "Upsample")
        how = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        new = helper.make_node("Resize", [old.input[0], "", old.input[1]], old.output, **how)
        old.CopyFrom(new)
    return model


def right() -> None:
    """Writes what is right of every file that means something."""
    answers = {}
    for path in sorted(HERE.glob("*.onnx")):
        model = evaluable(onnx.load(path))
        if path.stem == "valid-with-pads":
            continue
        constants = {tensor.name for tensor in model.graph.initializer}
        inputs = [info for info in model.graph.input if info.name not in constants]
        # The evaluator asks for everything that is listed as an input.
        del model.graph.input[:]
        model.graph.input.extend(inputs)
        outputs = ReferenceEvaluator(model).run(None, {info.name: given(info) for info in inputs})
        answers[path.name] = [
            {
                "shape": list(output.shape),
                "first": [float(number) for number in output.ravel()[:8]],
                "sum": float(output.astype(np.float64).sum()),
            }
            for output in outputs
        ]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(of)}" for name, of in answers.items())
    (HERE / "right.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
    right()
