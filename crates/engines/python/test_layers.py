"""Every rule against ONNX Runtime: one node, or a few, on random images."""

from __future__ import annotations

import unittest
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from formbench_pytorch import layers, onnx_file
from formbench_pytorch.layers.elementwise import ARITHMETIC, ON_TENSORS, UNARY
from formbench_pytorch.layers.reduction import REDUCTIONS
from formbench_pytorch.protocol import Refusal

RANDOM = np.random.default_rng(7)
IMAGES = [2, 4, 9, 11]
Constants = list[np.ndarray]
Step = tuple[str, list[str], dict[str, Any]]


def uniform(*shape: int, low: float = -1.0, high: float = 1.0) -> np.ndarray:
    """Returns numbers between `low` and `high`."""
    return RANDOM.uniform(low, high, shape).astype(np.float32)


def integers(*values: int) -> np.ndarray:
    """Returns indices, sizes or pads."""
    return np.array(values, np.int64)


def file(shape: list[int], steps: list[Step], constants: dict[str, np.ndarray]) -> bytes:
    """Returns the ONNX file of steps that end in `logits`; a step's output is `<its index>`."""
    last = len(steps) - 1
    nodes = [
        helper.make_node(kind, inputs, ["logits" if at == last else str(at)], f"{kind}.{at}", **how)
        for at, (kind, inputs, how) in enumerate(steps)
    ]
    image = helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)
    output = helper.make_value_info(
        "logits", helper.make_tensor_type_proto(TensorProto.FLOAT, None)
    )
    initializers = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "test", [image], [output], initializers)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=10)
    model = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    return model.SerializeToString()


def of_torch(data: bytes, images: np.ndarray) -> np.ndarray:
    """Returns what the layers give."""
    module = layers.module(onnx_file.read(data))
    with torch.inference_mode():
        return module(torch.from_numpy(images)).numpy()


def of_onnxruntime(data: bytes, images: np.ndarray) -> np.ndarray:
    """Returns what ONNX Runtime gives without changing the graph."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"images": images})[0]


class Names(unittest.TestCase):
    """Names that are Python's own."""

    def test_names_that_python_has_for_itself_are_as_any_other(self) -> None:
        for name in ("in", "self", "class", "7", "a.b", "None"):
            with self.subTest(name):
                node = helper.make_node("Relu", [name], ["logits"], "class")
                image = helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 2])
                output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 2])
                graph = helper.make_graph([node], "test", [image], [output])
                opset = [helper.make_opsetid("", 17)]
                model = helper.make_model(graph, opset_imports=opset, ir_version=10)
                given = np.array([[-1, 2]], np.float32)
                np.testing.assert_array_equal(of_torch(model.SerializeToString(), given), [[0, 2]])

    def test_several_inputs_and_outputs_keep_their_order(self) -> None:
        nodes = [
            helper.make_node("Sub", ["a", "b"], ["difference"], "sub"),
            helper.make_node("Add", ["a", "b"], ["sum"], "add"),
        ]
        value = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in ("a", "b")]
        out = [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in ("sum", "difference")
        ]
        graph = helper.make_graph(nodes, "test", value, out)
        opset = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph, opset_imports=opset, ir_version=10)
        module = layers.module(onnx_file.read(model.SerializeToString()))
        given = [torch.tensor([5.0]), torch.tensor([3.0])]
        self.assertEqual([float(one) for one in module(*given)], [8.0, 2.0])


class Rules(unittest.TestCase):
    """The rules, one family a test."""

    def agree(
        self,
        steps: list[Step],
        constants: dict[str, np.ndarray] | None = None,
        shape: list[int] = IMAGES,
        low: float = -1.0,
    ) -> None:
        """Fails unless both give the same numbers and the images are as they were."""
        data = file(shape, steps, constants or {})
        images = uniform(*shape, low=low) * (2.0 if low < 0 else 1.0)
        before = images.copy()
        got, expected = of_torch(data, images), of_onnxruntime(data, images)
        self.assertEqual(got.shape, expected.shape)
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(images, before)

    def agree_on_one(
        self, kind: str, *constants: np.ndarray, shape: list[int] = IMAGES, **how: Any
    ) -> None:
        """One node that reads the images, then constants."""
        named = {f"c{at}": array for at, array in enumerate(constants)}
        with self.subTest(kind, **{name: str(value) for name, value in how.items()}):
            self.agree([(kind, ["images", *named], how)], named, shape)

    def test_every_kind_of_operator_has_a_rule(self) -> None:
        # Those that crates/graph writes, besides the families below.
        kinds = (
            "Conv ConvTranspose BatchNormalization LayerNormalization Gemm MatMul MaxPool "
            "AveragePool GlobalAveragePool Clip HardSigmoid LeakyRelu PRelu Softmax Concat Slice "
            "Pad Reshape Transpose Expand Gather Where Cast Resize HardSwish Relu Sigmoid Softplus "
            "Tanh Add And Div Mul Or ReduceProd LRN ArgMax ArgMin"
        ).split()
        families = [*UNARY, *ARITHMETIC, *ON_TENSORS, *REDUCTIONS]
        self.assertEqual(set(layers.RULES), {*kinds, *families})

    def test_convolutions(self) -> None:
        weight, bias = uniform(6, 4, 3, 2), uniform(6)
        self.agree_on_one("Conv", weight)
        self.agree_on_one("Conv", weight, bias, pads=[1, 1, 1, 1], strides=[2, 1])
        self.agree_on_one("Conv", weight, bias, pads=[0, 1, 2, 3], dilations=[2, 3])
        self.agree_on_one("Conv", uniform(6, 2, 3, 3), bias, group=2, pads=[1, 0, 0, 1])
        self.agree_on_one("Conv", uniform(4, 1, 3, 3), group=4, pads=[1, 1, 1, 1])

    def test_transposed_convolutions(self) -> None:
        weight, bias = uniform(4, 3, 3, 2), uniform(6)
        self.agree_on_one("ConvTranspose", weight, strides=[2, 2], output_padding=[1, 0])
        self.agree_on_one("ConvTranspose", weight, bias, group=2, pads=[1, 0, 1, 0])
        self.agree_on_one("ConvTranspose", weight, strides=[2, 3], pads=[0, 1, 1, 0])

    def test_normalisations(self) -> None:
        statistics = [uniform(4), uniform(4), uniform(4), uniform(4, low=0.1)]
        self.agree_on_one("BatchNormalization", *statistics, epsilon=1e-3)
        self.agree_on_one("BatchNormalization", *statistics, shape=[3, 4])
        self.agree_on_one("LayerNormalization", uniform(11), uniform(11), epsilon=1e-3)
        self.agree_on_one("LayerNormalization", uniform(9, 11), axis=2)
        self.agree_on_one("LRN", size=3, alpha=0.1, beta=0.5, bias=2.0)

    def test_matrix_products(self) -> None:
        shape = [3, 5]
        self.agree_on_one("Gemm", uniform(5, 7), shape=shape)
        self.agree_on_one("Gemm", uniform(7, 5), uniform(7), transB=1, shape=shape)
        self.agree_on_one("Gemm", uniform(5, 7), uniform(1), alpha=0.5, beta=2.0, shape=shape)
        self.agree_on_one("MatMul", uniform(11, 3))
        self.agree_on_one("MatMul", uniform(2, 4, 11, 3))

    def test_pools(self) -> None:
        for ceil in (0, 1):
            window = {"kernel_shape": [3, 2], "strides": [2, 2], "ceil_mode": ceil}
            self.agree_on_one("MaxPool", **window)
            self.agree_on_one("MaxPool", pads=[1, 1, 1, 1], **window)
            self.agree_on_one("AveragePool", **window)
        window = {"kernel_shape": [3, 2], "strides": [2, 1]}
        self.agree_on_one("MaxPool", pads=[0, 1, 2, 0], **window)
        self.agree_on_one("MaxPool", dilations=[2, 3], **window)
        for count in (0, 1):
            self.agree_on_one("AveragePool", pads=[1, 1, 1, 1], count_include_pad=count, **window)
            self.agree_on_one("AveragePool", pads=[0, 1, 2, 0], count_include_pad=count, **window)
            self.agree_on_one("AveragePool", pads=[0, 0, 1, 1], count_include_pad=count, **window)
        self.agree_on_one("GlobalAveragePool")

    def test_activations(self) -> None:
        for kind in ("Relu", "HardSwish", "Sigmoid", "Softplus", "Tanh", "Softmax", "HardSigmoid"):
            self.agree_on_one(kind)
        self.agree_on_one("HardSigmoid", alpha=1 / 6)
        self.agree_on_one("LeakyRelu", alpha=0.3)
        self.agree_on_one("PRelu", uniform(4, 1, 1))
        self.agree_on_one("PRelu", uniform(1))
        self.agree_on_one("Softmax", axis=1)

    def test_clips(self) -> None:
        for low, high in ((0.0, 6.0), (0.0, None), (-0.5, 0.5), (None, 0.25), (-0.25, None)):
            bounds = {"low": low, "high": high}
            named = {k: np.float32(v).reshape(()) for k, v in bounds.items() if v is not None}
            inputs = ["images", *("" if v is None else k for k, v in bounds.items())]
            with self.subTest(low=low, high=high):
                self.agree([("Clip", inputs, {})], named)

    def test_functions_of_one_element(self) -> None:
        for kind in sorted(set(UNARY) - {"Not"}):
            low = 0.5 if kind in ("Log", "Sqrt", "Reciprocal") else -1.0
            with self.subTest(kind):
                self.agree([(kind, ["images"], {})], low=low)

    def test_arithmetic(self) -> None:
        for kind in ("Add", "Sub", "Mul", "Div", "Max", "Min"):
            self.agree_on_one(kind, uniform(4, 1, 1, low=0.5))
            self.agree_on_one(kind, np.float32(0.75).reshape(()))
            with self.subTest(kind, operands="swapped"):
                self.agree([(kind, ["c", "images"], {})], {"c": uniform(11, low=0.5)}, low=0.5)
        with self.subTest("Pow"):
            square = {"two": np.float32(2.0).reshape(())}
            self.agree([("Pow", ["images", "two"], {})], square)

    def test_comparisons_and_logic(self) -> None:
        bounds = {"b": np.float32(0.1).reshape(()), "c": uniform(4, 1, 1), "x": uniform(11)}
        for kind in ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"):
            with self.subTest(kind):
                compared = (kind, ["images", "b"], {})
                self.agree([compared, ("Where", ["0", "images", "x"], {})], bounds)
        for kind in ("And", "Or"):
            steps = [
                ("Greater", ["images", "b"], {}),
                ("Less", ["images", "c"], {}),
                (kind, ["0", "1"], {}),
                ("Not", ["2"], {}),
                ("Cast", ["3"], {"to": TensorProto.FLOAT}),
            ]
            with self.subTest(kind):
                self.agree(steps, bounds)

    def test_casts_and_whole_numbers(self) -> None:
        steps = [
            ("Mul", ["images", "ten"], {}),
            ("Cast", ["0"], {"to": TensorProto.INT64}),
            ("Div", ["1", "three"], {}),
            ("Cast", ["2"], {"to": TensorProto.FLOAT}),
        ]
        constants = {"ten": np.float32(10.0).reshape(()), "three": np.array(3, np.int64)}
        # -7 / 3 is -2 in ONNX, cut off, and would be -3 if it were rounded down.
        self.agree(steps, constants)

    def test_reductions(self) -> None:
        for kind in ("ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd"):
            self.agree_on_one(kind, axes=[2, 3], keepdims=1)
            self.agree_on_one(kind, axes=[-1, 1], keepdims=0)
            self.agree_on_one(kind)
        self.agree_on_one("ReduceSum", integers(1, 3), keepdims=0)

    def test_indices(self) -> None:
        for kind in ("ArgMax", "ArgMin"):
            for keep in (0, 1):
                steps = [(kind, ["images"], {"axis": 1, "keepdims": keep}), ("Cast", ["0"], {"to": 1})]
                with self.subTest(kind, keep=keep):
                    self.agree(steps, {})

    def test_parts_and_joins(self) -> None:
        self.agree(
            [("Concat", ["images", "c", "images"], {"axis": 1})], {"c": uniform(2, 1, 9, 11)}
        )
        ends = 2**63 - 1
        self.agree_on_one("Slice", integers(1, 0), integers(3, -2), integers(1, 3), integers(1, 2))
        self.agree_on_one("Slice", integers(-3), integers(ends), integers(-1), integers(1))
        self.agree_on_one("Slice", integers(-1), integers(-ends), integers(3), integers(-1))
        self.agree_on_one(
            "Slice", integers(8, 9), integers(2, -9), integers(2, 3), integers(-2, -3)
        )
        self.agree_on_one("Slice", integers(0, 1), integers(2, 3))

    def test_selections(self) -> None:
        self.agree_on_one("Gather", np.array(2, np.int64), axis=1)
        self.agree_on_one("Gather", integers(3, 0, 0), axis=1)
        self.agree_on_one("Gather", np.array([[0, -1], [2, 1]], np.int64), axis=2)

    def test_shapes(self) -> None:
        self.agree_on_one("Reshape", integers(0, -1))
        self.agree_on_one("Reshape", integers(2, 2, 2, 9, 11))
        self.agree_on_one("Transpose", perm=[0, 2, 3, 1])
        self.agree_on_one("Transpose")
        self.agree_on_one("Expand", integers(3, 2, 4, 1, 5), shape=[2, 1, 9, 1])

    def test_pads(self) -> None:
        value = np.float32(0.5).reshape(())
        self.agree_on_one("Pad", integers(0, 0, 1, 2, 0, 0, 3, 0))
        self.agree_on_one("Pad", integers(0, 1, 0, 0, 1, 0, 0, 2), value, mode="constant")

    def test_resizing(self) -> None:
        empty = np.array([], np.float32)
        size = integers(2, 4, 13, 7)
        ways = [
            {
                "mode": "nearest",
                "coordinate_transformation_mode": "asymmetric",
                "nearest_mode": "floor",
            },
            {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
            {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
            {"mode": "cubic", "coordinate_transformation_mode": "align_corners"},
            {"mode": "cubic", "coordinate_transformation_mode": "half_pixel"},
        ]
        for how in ways:
            self.agree_on_one("Resize", empty, empty, size, **how)
        scales = np.array([1, 1, 2, 2], np.float32)
        self.agree_on_one("Resize", empty, scales, **ways[0])

    def test_a_value_that_is_read_again_is_not_overwritten(self) -> None:
        weight = {"w": uniform(4, 4, 1, 1)}
        steps = [
            ("Conv", ["images", "w"], {}),
            ("Relu", ["0"], {}),
            ("Add", ["0", "1"], {}),
            ("Conv", ["2", "w"], {}),
            ("Add", ["3", "2"], {}),
            ("Sigmoid", ["4"], {}),
            ("Mul", ["4", "5"], {}),
        ]
        self.agree(steps, weight)
        module = layers.module(onnx_file.read(file(IMAGES, steps, weight)))
        kinds = [type(layer).__name__ for layer in module.children()]
        # The sigmoid and its product are one layer.
        self.assertEqual(kinds, ["Conv2d", "ReLU", "Conv2d", "SiLU"])
        in_place = [layer.inplace for layer in module.children() if hasattr(layer, "inplace")]
        # The first convolution is read by the sum too; the second sum only by SiLU.
        self.assertEqual(in_place, [False, True])
        self.assertIn("+=", module.code)

    def test_gelu_in_any_order_is_one_layer(self) -> None:
        numbers = {"root": 2**0.5, "half_root": 0.5**0.5, "one": 1.0, "half": 0.5}
        named = {name: np.float32(number).reshape(()) for name, number in numbers.items()}
        erf = [("Div", ["images", "root"], {}), ("Erf", ["0"], {}), ("Add", ["1", "one"], {})]
        by_product = [("Mul", ["half_root", "images"], {}), *erf[1:]]
        last = [("Mul", ["images", "2"], {}), ("Mul", ["half", "3"], {})]
        first = [("Mul", ["images", "half"], {}), ("Mul", ["2", "3"], {})]
        for steps in (erf + last, erf + first, by_product + last):
            self.agree(steps, named)
            self.assertEqual(self.kinds(steps, named), ["GELU"])
        # Half of something else, another number, and a value that is read again are none.
        for other in ({"half": np.float32(0.25)}, {"one": np.float32(2)}, {"root": np.float32(2)}):
            self.agree(erf + last, named | other)
            self.assertEqual(self.kinds(erf + last, named | other), [])
        again = [*erf, *last, ("Add", ["4", "2"], {})]
        self.agree(again, named)
        self.assertEqual(self.kinds(again, named), [])

    def test_a_product_and_its_bias_are_one_layer(self) -> None:
        constants = {"w": uniform(11, 3), "b": uniform(3), "one": uniform(1)}
        for bias in (["0", "b"], ["b", "0"]):
            steps = [("MatMul", ["images", "w"], {}), ("Add", bias, {})]
            self.agree(steps, constants)
            self.assertNotIn("+", self.module(steps, constants).code)
        steps = [("MatMul", ["images", "w"], {}), ("Add", ["0", "one"], {})]
        self.agree(steps, constants)
        self.assertIn("+", self.module(steps, constants).code)

    def test_attention_is_one_call(self) -> None:
        turn = {"perm": [0, 1, 3, 2]}
        scale = {"scale": np.float32(0.3).reshape(()), "w": uniform(11, 11), "v": uniform(11, 5)}
        products = [("MatMul", ["images", "w"], {}), ("MatMul", ["images", "v"], {})]
        scaled = [("Mul", ["0", "scale"], {}), ("Transpose", ["images"], turn)]
        attended = [("MatMul", ["2", "3"], {}), ("Softmax", ["4"], {"axis": 3})]
        steps = [*products, *scaled, *attended, ("MatMul", ["5", "1"], {})]
        self.agree(steps, scale)
        self.assertIn("scaled_dot_product_attention", self.module(steps, scale).code)
        divided = [("Transpose", ["images"], turn), ("MatMul", ["0", "2"], {})]
        after = [("Div", ["3", "scale"], {}), ("Softmax", ["4"], {}), ("MatMul", ["5", "1"], {})]
        steps = [*products, *divided, *after]
        self.agree(steps, scale)
        self.assertIn("scaled_dot_product_attention", self.module(steps, scale).code)
        # Along another axis, or read again, it is none.
        for other in ({"axis": 2}, {"axis": 1}):
            steps[5] = ("Softmax", ["4"], other)
            self.agree(steps, scale)
            self.assertNotIn("scaled_dot", self.module(steps, scale).code)
        steps[5] = ("Softmax", ["4"], {})
        summed = [*steps, ("ReduceSum", ["4"], {"keepdims": 0}), ("Add", ["6", "7"], {})]
        self.agree(summed, scale)
        self.assertNotIn("scaled_dot", self.module(summed, scale).code)

    def module(self, steps: list[Step], constants: dict[str, np.ndarray]) -> torch.fx.GraphModule:
        """Returns the layers of some steps."""
        return layers.module(onnx_file.read(file(IMAGES, steps, constants)))

    def kinds(self, steps: list[Step], constants: dict[str, np.ndarray]) -> list[str]:
        """Returns the names of their classes."""
        return [type(layer).__name__ for layer in self.module(steps, constants).children()]

    def test_a_view_is_not_overwritten(self) -> None:
        shape = {"s": integers(2, 4, 99), "t": integers(2, 4, 9, 11), "w": uniform(4, 4, 1, 1)}
        steps = [
            ("Conv", ["images", "w"], {}),
            ("Reshape", ["0", "s"], {}),
            ("Relu", ["1"], {}),
            ("Reshape", ["2", "t"], {}),
            ("Add", ["3", "0"], {}),
        ]
        self.agree(steps, shape)

    def test_an_operator_without_a_rule_is_refused_by_name(self) -> None:
        with self.assertRaises(Refusal) as refused:
            layers.module(onnx_file.read(file(IMAGES, [("Elu", ["images"], {})], {})))
        self.assertEqual(refused.exception.kind, "unsupported")
        self.assertIn("Elu `Elu.0`", refused.exception.reason)


class Files(unittest.TestCase):
    """What is not an ONNX file."""

    def test_a_truncated_file_is_refused(self) -> None:
        data = file(IMAGES, [("Conv", ["images", "w"], {})], {"w": uniform(4, 4, 3, 3)})
        for part in (b"", b"not onnx", data[: len(data) // 2]):
            with self.subTest(part=part[:8]), self.assertRaises(Refusal) as refused:
                onnx_file.read(part)
            self.assertIn("corrupt", refused.exception.reason)


if __name__ == "__main__":
    unittest.main()
