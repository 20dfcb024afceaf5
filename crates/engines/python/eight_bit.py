"""Prints how far engines are from ONNX's reference evaluator on networks of 8-bit weights and activations.

    python eight_bit.py WHEELS

Networks of torchvision, their weights drawn, are quantised by ONNX Runtime's quantiser, calibrated on noise. A number is
the largest difference of a logit as a share of the largest logit: of ONNX Runtime, of ONNX Runtime with its optimisations
off, and of OpenVINO from the reference, and of the same network in 32-bit floats. WHEELS is what `others.py` reads.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import openvino
import others
from onnx.reference import ReferenceEvaluator

NETWORKS = ("resnet18", "mobilenet_v2", "squeezenet1_1", "mnasnet1_0", "shufflenet_v2_x1_0")
# From this opset on the evaluator knows the operators; they mean the same before.
OPSET = 19


def main(wheels: Path) -> None:
    """Prints a row for each network."""
    sys.path[:0] = [str(wheel) for wheel in others.unpacked(wheels)]
    images = np.random.default_rng(7).standard_normal((1, 3, 224, 224)).astype(np.float32)
    print("| network | onnxruntime | its optimisations off | openvino | in f32 |\n|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in NETWORKS:
            floats, path = Path(folder, f"{name}.onnx"), Path(folder, f"{name}-int8.onnx")
            others.exported(name, floats)
            others.quantised(floats, path)
            model = onnx.load(path)
            model.opset_import[0].version = OPSET
            right = ReferenceEvaluator(model).run(None, {"images": images})[0]
            found = [by_onnxruntime(path, images, optimised=True)]
            found += [by_onnxruntime(path, images, optimised=False), by_openvino(path, images)]
            found.append(by_onnxruntime(floats, images, optimised=True))
            scale = np.abs(right).max()
            shares = [f"{100 * np.abs(one - right).max() / scale:.2f} %" for one in found]
            print(f"| {name} | {' | '.join(shares)} |")


def by_onnxruntime(path: Path, images: np.ndarray, *, optimised: bool) -> np.ndarray:
    """Returns the logits of ONNX Runtime."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(path, options).run(None, {"images": images})[0]


def by_openvino(path: Path, images: np.ndarray) -> np.ndarray:
    """Returns the logits of OpenVINO."""
    core = openvino.Core()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    return core.compile_model(core.read_model(path), "CPU", exact)([images])[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
