"""Which nodes of a file an engine's operators stand for."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest
from pathlib import Path

import onnx
import operators
from onnx import TensorProto, helper

HERE = Path(__file__).parent
TINY = HERE.parent / "tests/data/tiny.onnx"


def graph(nodes: list[tuple[str, str, list[str], str]]) -> bytes:
    """Returns a file of nodes: kind, name, inputs, output."""
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    made = [helper.make_node(kind, taken, [given], name) for kind, name, taken, given in nodes]
    last = helper.make_tensor_value_info(nodes[-1][3], TensorProto.FLOAT, [1])
    return helper.make_model(helper.make_graph(made, "g", [value], [last])).SerializeToString()


# A convolution with its norm and activation, then GELU's two last operators.
FILE = [
    ("Conv", "conv", ["x", "w"], "conv"),
    ("BatchNormalization", "norm", ["conv", "s", "b", "m", "v"], "norm"),
    ("Relu", "Relu_0", ["norm"], "Relu_0"),
    ("Erf", "Erf_0", ["Relu_0"], "Erf_0"),
    ("Mul", "Mul_0", ["Relu_0", "Erf_0"], "Mul_0"),
]


class Rewritten(unittest.TestCase):
    """Nodes of a rewritten graph."""

    def test_a_node_stands_for_what_is_between_its_tensors(self) -> None:
        after = [
            ("Conv", "fused", ["x", "w2"], "Relu_0"),
            ("Gelu", "gelu", ["Relu_0"], "Mul_0"),
        ]
        found = operators.rewritten(graph(FILE), graph(after))
        self.assertEqual(found, {"fused": ["conv", "norm", "Relu_0"], "gelu": ["Erf_0", "Mul_0"]})

    def test_a_node_with_new_tensors_stands_for_what_its_name_begins_with(self) -> None:
        after = [
            ("Conv", "Relu_0_nchwc", ["x", "w2"], "reorder_0"),
            ("Gelu", "gelu", ["reorder_0"], "Mul_0"),
            ("ReorderOutput", "ReorderOutput", ["Mul_0"], "token_1"),
        ]
        found = operators.rewritten(graph(FILE), graph(after))
        self.assertEqual(found["Relu_0_nchwc"], ["conv", "norm", "Relu_0"])
        self.assertEqual(found["gelu"], ["Erf_0", "Mul_0"])
        self.assertEqual(found["ReorderOutput"], [])


class Script(unittest.TestCase):
    """The script as a whole."""

    def test_each_engine_says_what_its_operators_take(self) -> None:
        for engine in ("onnxruntime", "openvino"):
            command = [sys.executable, "-B", HERE / "operators.py", engine, TINY]
            command += ["--inferences", "3"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            said = json.loads(done.stdout)
            nodes = {node.name for node in onnx.load(TINY).graph.node}
            named = {name for one in said["operators"] for name in one["nodes"]}
            self.assertTrue(nodes & named, (engine, said))
            self.assertTrue(all(one["ns"] >= 0 for one in said["operators"]), engine)
            self.assertTrue(said["latency_ns"] > 0 and said["profiled_ns"] > 0, engine)

    def test_inputs_of_any_type_are_filled(self) -> None:
        self.assertEqual(operators.filled((2, 3), "float16").dtype, "float16")
        self.assertEqual(operators.filled((2, 3), "int64").tolist(), [[0, 0, 0], [0, 0, 0]])
        for kind in operators.ORT_TYPES.values():
            self.assertEqual(operators.filled((1,), kind).dtype, kind)

    def test_a_file_that_is_missing_is_said(self) -> None:
        command = [sys.executable, "-B", HERE / "operators.py", "onnxruntime", "nowhere.onnx"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertIn("nowhere.onnx", json.loads(done.stdout)["absent"])


if __name__ == "__main__":
    unittest.main()
