"""Brings ONNX models that others made into a folder, to try them on every engine.

    python others.py FOLDER [--wheels WHEELS] [--light NAME ...]

- the light models of the package onnx: published networks whose weights are drawn here, since as shipped each
  weight tensor holds one number, which makes all logits alike;
- text detection, recognition and direction of PP-OCR, from the package rapidocr-onnxruntime;
- a detector of YOLO's kind, from the package nudenet;
- a vision transformer of torchvision, written by PyTorch's exporter;
- torchvision's ResNet-18 with 8-bit weights and activations, written by ONNX Runtime's quantiser.

WHEELS is the folder of the wheels that `requirements/others.txt` pins; without it only light models are written.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

LIGHT = Path(onnx.__file__).parent / "backend/test/data/light"
SHIPPED = {"rapidocr_onnxruntime": "pp-ocr", "nudenet": "nudenet"}


def main(folder: Path, wheels: Path | None, names: list[str]) -> None:
    """Writes the light models of these names, all without any; with wheels the other models too."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(LIGHT.glob("*.onnx")):
        if not names or path.stem.removeprefix("light_") in names:
            onnx.save(drawn(onnx.load(path)), folder / path.name)
    if wheels is None:
        return
    for wheel in sorted(wheels.glob("*.whl")):
        package = wheel.name.split("-")[0]
        if package in SHIPPED:
            shipped(wheel, SHIPPED[package], folder)
    sys.path[:0] = [str(wheel) for wheel in unpacked(wheels)]
    exported("vit_b_16", folder / "torchvision-vit-b-16.onnx")
    exported("resnet18", folder / "resnet18.onnx")
    quantised(folder / "resnet18.onnx", folder / "torchvision-resnet18-int8.onnx")
    (folder / "resnet18.onnx").unlink()


def drawn(model: onnx.ModelProto) -> onnx.ModelProto:
    """Returns a model whose weights are drawn: He's normal distribution, and variances near 1.

    What a light model leaves out is made by a node that repeats one number; such a node becomes a constant.
    """
    graph = model.graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    made = {}
    for node in [node for node in graph.node if node.op_type == "ConstantOfShape"]:
        if node.input[0] in constants:
            made[node.output[0]] = tuple(int(size) for size in constants[node.input[0]])
            graph.node.remove(node)
    positive = {node.input[4] for node in graph.node if node.op_type == "BatchNormalization"}
    scales = {node.input[1] for node in graph.node if node.op_type == "BatchNormalization"}
    for name, shape in made.items():
        seed = int.from_bytes(hashlib.sha256(f"{graph.name} {name}".encode()).digest()[:8], "little")
        random = np.random.default_rng(seed)
        if name in positive or name in scales:
            numbers = random.uniform(0.8, 1.2, shape)
        elif len(shape) > 1:
            numbers = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        else:
            numbers = random.standard_normal(shape) * 0.05
        graph.initializer.append(numpy_helper.from_array(numbers.astype(np.float32), name))
    return model


def shipped(wheel: Path, prefix: str, folder: Path) -> None:
    """Copies the models that a wheel holds."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".onnx"):
                (folder / f"{prefix}-{Path(name).name}").write_bytes(archive.read(name))


def exported(name: str, path: Path) -> None:
    """Exports a network of torchvision, its weights drawn."""
    import torch
    from torchvision import models

    torch.manual_seed(1)
    model = models.get_model(name, weights=None).eval()
    if name.startswith("vit"):
        # Its last layer is made of zeros.
        torch.nn.init.trunc_normal_(model.heads.head.weight, std=0.02)
    images = torch.zeros(1, 3, 224, 224)
    torch.onnx.export(model, (images,), path, input_names=["images"], opset_version=17, dynamo=False)


def unpacked(wheels: Path) -> list[Path]:
    """Returns folders of what torchvision needs; a wheel with libraries cannot be imported as it is."""
    folders = []
    for wheel in sorted(wheels.glob("*.whl")):
        if wheel.name.split("-")[0] in ("torchvision", "pillow"):
            folder = wheels / wheel.stem
            if not folder.is_dir():
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(folder)
            folders.append(folder)
    return folders


def quantised(source: Path, path: Path) -> None:
    """Quantises a model, calibrated on noise."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

    class Noise(CalibrationDataReader):
        def __init__(self) -> None:
            info = onnx.load(source, load_external_data=False).graph.input[0]
            shape = [axis.dim_value for axis in info.type.tensor_type.shape.dim]
            random = np.random.default_rng(1)
            batches = [random.standard_normal(shape).astype(np.float32) for _ in range(4)]
            self.batches = iter({info.name: batch} for batch in batches)

        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(self.batches, None)

    quantize_static(source, path, Noise(), quant_format=QuantFormat.QDQ, per_channel=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wheels", type=Path)
    parser.add_argument("--light", nargs="*", default=[])
    asked = parser.parse_args()
    main(asked.folder, asked.wheels, asked.light)
