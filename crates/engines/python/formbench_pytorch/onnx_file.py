"""An ONNX file as plain Python values: nodes in the order they run, constants, shapes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from formbench_pytorch.protocol import Refusal


@dataclass(frozen=True)
class Node:
    """One operator with what it reads and writes."""

    name: str
    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: dict[str, Any]

    def unsupported(self, what: str) -> Refusal:
        """Returns the refusal of this node."""
        return Refusal("unsupported", f"pytorch: {self.kind} `{self.name}`: {what}")


@dataclass(frozen=True)
class Model:
    """Inputs, outputs, and the nodes between them."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: tuple[Node, ...]
    constants: dict[str, np.ndarray]
    # Of every value whose shape and ONNX element type the file states, constants included.
    shapes: dict[str, tuple[int, ...]]
    elements: dict[str, int]
    uses: Counter[str] = field(default_factory=Counter)
    producers: dict[str, Node] = field(default_factory=dict)


def read(file: bytes) -> Model:
    """Returns the model in an ONNX file; raises a refusal if there is none in it."""
    try:
        return _model(onnx.load_model_from_string(file).graph)
    except MemoryError:
        raise
    except Exception as error:
        reason = f"pytorch: the ONNX file of {len(file)} bytes is corrupt: {error}"
        remedy = "free space in the temporary directory and run again"
        raise Refusal("failed", reason, remedy) from error


def numpy_type(element: int) -> np.dtype:
    """Returns NumPy's type for an ONNX element type."""
    return np.dtype(onnx.helper.tensor_dtype_to_np_dtype(element))


def _model(graph: onnx.GraphProto) -> Model:
    constants = {proto.name: numpy_helper.to_array(proto) for proto in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    if not graph.output:
        raise ValueError("it gives nothing")
    nodes = tuple(_node(proto, at) for at, proto in enumerate(graph.node))
    values = [*inputs, *graph.value_info, *graph.output]
    elements = {value.name: value.type.tensor_type.elem_type for value in values}
    elements |= {proto.name: proto.data_type for proto in graph.initializer}
    outputs = tuple(value.name for value in graph.output)
    return Model(
        inputs=tuple(value.name for value in inputs),
        outputs=outputs,
        nodes=nodes,
        constants=constants,
        shapes=_shapes(values) | {name: array.shape for name, array in constants.items()},
        elements=elements,
        uses=Counter([*outputs, *(name for node in nodes for name in node.inputs)]),
        producers={node.output: node for node in nodes},
    )


def _node(proto: onnx.NodeProto, at: int) -> Node:
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in proto.attribute}
    name = proto.name or f"{proto.op_type}_{at}"
    return Node(name, proto.op_type, tuple(proto.input), proto.output[0], attributes)


def _shapes(values: list[onnx.ValueInfoProto]) -> dict[str, tuple[int, ...]]:
    shapes = {}
    for value in values:
        tensor = value.type.tensor_type
        if tensor.HasField("shape") and all(d.HasField("dim_value") for d in tensor.shape.dim):
            shapes[value.name] = tuple(d.dim_value for d in tensor.shape.dim)
    return shapes
