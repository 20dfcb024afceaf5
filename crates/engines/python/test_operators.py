"""Which nodes of a file an engine's operators stand for."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import onnx
from onnx import TensorProto, helper
from operator_times import chains, counters, openvino, turns
from operator_times.onnxruntime import TYPES, busy_ns, by_inference, kernels, rewritten

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
        found = rewritten(graph(FILE), graph(after))
        self.assertEqual(found, {"fused": ["conv", "norm", "Relu_0"], "gelu": ["Erf_0", "Mul_0"]})

    def test_a_node_with_new_tensors_stands_for_what_its_name_begins_with(self) -> None:
        after = [
            ("Conv", "Relu_0_nchwc", ["x", "w2"], "reorder_0"),
            ("Gelu", "gelu", ["reorder_0"], "Mul_0"),
            ("ReorderOutput", "ReorderOutput", ["Mul_0"], "token_1"),
        ]
        found = rewritten(graph(FILE), graph(after))
        self.assertEqual(found["Relu_0_nchwc"], ["conv", "norm", "Relu_0"])
        self.assertEqual(found["gelu"], ["Erf_0", "Mul_0"])
        self.assertNotIn("ReorderOutput", found)


    def test_a_node_without_a_name_is_called_as_the_profile_calls_it(self) -> None:
        after = [("Conv", "fused", ["x", "w2"], "Relu_0"), ("Gelu", "", ["Relu_0"], "Mul_0")]
        profiled = [("fused", "Conv"), ("Gelu_7", "Gelu")]
        found = rewritten(graph(FILE), graph(after), profiled)
        self.assertEqual(found["Gelu_7"], ["Erf_0", "Mul_0"])

    def test_a_part_of_a_function_is_what_reads_it(self) -> None:
        after = [
            ("Conv", "fused", ["x", "w2"], "Relu_0"),
            ("Tanh", "token_0", ["Relu_0"], "token_0"),
            ("Mul", "token_1", ["Relu_0", "token_0"], "Mul_0"),
        ]
        found = rewritten(graph(FILE), graph(after))
        self.assertEqual(found["token_0"], ["Erf_0", "Mul_0"])


class Kernels(unittest.TestCase):
    """Events of ONNX Runtime's profiler."""

    def test_kernels_are_of_the_run_that_they_start_in_and_bodies_of_their_loop(self) -> None:
        def event(name: str, category: str, start: int, took: int) -> dict[str, object]:
            kind = {"op_name": name.split("_")[0]}
            return {"name": name, "cat": category, "ts": start, "dur": took, "args": kind}

        events = [
            event("Shape_1_kernel_time", "Node", 11, 0),
            event("Add_1_kernel_time", "Node", 12, 5),
            event("Mul_1_kernel_time", "Node", 27, 4),
            event("Loop_0_kernel_time", "Node", 10, 20),
            event("model_run", "Session", 9, 31),
            event("Add_2_kernel_time", "Node", 55, 5),
            event("Add_2_kernel_time", "Node", 60, 4),
            event("model_run", "Session", 50, 20),
        ]
        (first_ns, first), (second_ns, second) = by_inference(events)
        self.assertEqual((first_ns, second_ns), (31e3, 20e3))
        self.assertEqual(kernels(first), {("Loop_0", "Loop"): 20e3})
        self.assertEqual(kernels(second), {("Add_2", "Add"): 9e3})
        # Whole microseconds may end a body's kernel behind its loop.
        self.assertEqual((busy_ns(first), busy_ns(second)), (21e3, 9e3))


class Times(unittest.TestCase):
    """What is made of single inferences and of counters."""

    def test_the_middle_half_leaves_out_as_many_at_either_end(self) -> None:
        self.assertEqual(turns.middle([9, 1, 5, 4, 100, 3, 6, 2]), [5, 3, 2, 6])
        self.assertEqual(turns.middle([7]), [0])

    def test_a_warm_up_is_taken_out_of_counters_that_are_means_over_all_inferences(self) -> None:
        key = ("conv", "Convolution")
        # Two inferences of 50, then eight of 10: the mean over all ten is 18.
        self.assertEqual(counters.since({key: 50.0}, 2, {key: 18.0}, 10), {key: 10.0})
        # Three of 52.9, then 40 of 10.9, all means rounded down as the counters are.
        took = counters.since({key: 52.0}, 3, {key: (3 * 52.9 + 40 * 10.9) // 43}, 43)[key]
        self.assertLess(abs(took - 10.9), 43 / 40)

    def test_counters_of_openvino_add_up_to_the_inferences_behind_the_warm_up(self) -> None:
        config = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1}
        operators_ns, beside_ns = chains.chain_ns(chains.chain(8, 64, 56), config)
        self.assertLess(abs(beside_ns), 0.2 * operators_ns)


class Script(unittest.TestCase):
    """The script as a whole."""

    def test_each_engine_says_what_its_operators_take(self) -> None:
        for engine in ("onnxruntime", "openvino"):
            command = [sys.executable, "-B", HERE / "operators.py", engine, TINY]
            command += ["--inferences", "3"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            said = json.loads(done.stdout)
            nodes = {node.name for node in turns.with_names(onnx.load(TINY).graph.node)}
            named = {name for one in said["operators"] for name in one["nodes"]}
            self.assertTrue(nodes & named - {""}, (engine, said))
            self.assertTrue(all(one["ns"] >= 0 for one in said["operators"]), engine)
            self.assertTrue(said["latency_ns"] > 0 and said["profiled_ns"] > 0, engine)

    def test_operators_and_the_time_between_them_come_to_the_whole(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "chain.onnx")
            file.write_bytes(chains.chain(20, 64, 56))
            for engine in ("onnxruntime", "openvino"):
                command = [sys.executable, "-B", HERE / "operators.py", engine, file]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                said = json.loads(done.stdout)
                self.assertLess(abs(said["accounted_ns"] / said["profiled_ns"] - 1), 0.1, engine)
                operators_ns = sum(one["ns"] for one in said["operators"])
                self.assertGreater(operators_ns, 0.7 * said["profiled_ns"], engine)

    def test_what_openvino_makes_of_a_norm_stands_for_it(self) -> None:
        value = helper.make_tensor_value_info
        rows, tanh = (value(name, TensorProto.FLOAT, [1, 4096, 64]) for name in ("rows", "tanh"))
        constant = helper.make_tensor("scale", TensorProto.FLOAT, [64], [2.0] * 64)
        nodes = [
            helper.make_node("Relu", ["rows"], ["relu"], "relu"),
            helper.make_node("LayerNormalization", ["relu", "scale"], ["norm"], "norm"),
            helper.make_node("Tanh", ["norm"], ["tanh"], "tanh"),
        ]
        made = helper.make_graph(nodes, "g", [rows], [tanh], [constant])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "norm.onnx")
            opset = [helper.make_opsetid("", 17)]
            onnx.save(helper.make_model(made, opset_imports=opset, ir_version=8), str(file))
            said = openvino.profile(file, 1, 4)
        stands_for = [one["nodes"] for one in said["operators"] if "Reorder" not in one["kind"]]
        self.assertTrue(stands_for and all(stands_for), said)
        self.assertIn("norm", {name for nodes in stands_for for name in nodes})

    def test_inputs_of_any_type_are_filled(self) -> None:
        self.assertEqual(turns.filled((2, 3), "float16").dtype, "float16")
        self.assertEqual(turns.filled((2, 3), "int64").tolist(), [[0, 0, 0], [0, 0, 0]])
        for kind in TYPES.values():
            self.assertEqual(turns.filled((1,), kind).dtype, kind)

    def test_a_file_that_is_missing_is_said(self) -> None:
        command = [sys.executable, "-B", HERE / "operators.py", "onnxruntime", "nowhere.onnx"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertIn("nowhere.onnx", json.loads(done.stdout)["absent"])


if __name__ == "__main__":
    unittest.main()
