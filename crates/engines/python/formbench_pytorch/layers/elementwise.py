"""Functions of one, two or three elements that PyTorch has no layers for."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import torch
from onnx import TensorProto
from torch import fx, nn

from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Node

DTYPES = {
    TensorProto.FLOAT: torch.float32,
    TensorProto.DOUBLE: torch.float64,
    TensorProto.FLOAT16: torch.float16,
    TensorProto.BFLOAT16: torch.bfloat16,
    TensorProto.INT64: torch.int64,
    TensorProto.INT32: torch.int32,
    TensorProto.INT8: torch.int8,
    TensorProto.UINT8: torch.uint8,
    TensorProto.BOOL: torch.bool,
}
INTEGERS = (TensorProto.INT64, TensorProto.INT32, TensorProto.INT8, TensorProto.UINT8)

UNARY: dict[str, Callable[..., Any]] = {
    "Abs": torch.abs,
    "Ceil": torch.ceil,
    "Cos": torch.cos,
    "Erf": torch.erf,
    "Exp": torch.exp,
    "Floor": torch.floor,
    "Log": torch.log,
    "Neg": torch.neg,
    "Not": torch.logical_not,
    "Reciprocal": torch.reciprocal,
    "Round": torch.round,
    "Sign": torch.sign,
    "Sin": torch.sin,
    "Sqrt": torch.sqrt,
}
# Those that take a plain number for an operand.
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "Equal": operator.eq,
    "Greater": operator.gt,
    "GreaterOrEqual": operator.ge,
    "Less": operator.lt,
    "LessOrEqual": operator.le,
    "Pow": operator.pow,
    "Sub": operator.sub,
}
ON_TENSORS: dict[str, Callable[..., Any]] = {
    "And": torch.logical_and,
    "Max": torch.maximum,
    "Min": torch.minimum,
    "Or": torch.logical_or,
    "Where": torch.where,
}


def add(at: Assembly, node: Node) -> fx.Node:
    """ONNX Add; into the first operand where nobody else reads it, as a residual is added."""
    first, second = node.inputs
    shapes = at.model.shapes
    same = first in shapes and shapes[first] == shapes.get(second) and first != second
    if same and at.may_overwrite(first):
        return at.call(operator.iadd, at.value(first), at.value(second))
    return at.call(operator.add, at.operand(first), at.operand(second))


def mul(at: Assembly, node: Node) -> fx.Node:
    """ONNX Mul; with a sigmoid of its other operand it is the layer SiLU."""
    for gate, signal in (node.inputs, node.inputs[::-1]):
        producer = at.model.producers.get(gate)
        gates = producer is not None and producer.kind == "Sigmoid"
        if gates and producer.inputs[0] == signal and at.model.uses[gate] == 1:
            layer = nn.SiLU(inplace=at.may_overwrite(signal, readings=2))
            return at.layer(node, layer, signal)
    return at.call(operator.mul, *(at.operand(name) for name in node.inputs))


def div(at: Assembly, node: Node) -> fx.Node:
    """ONNX Div; of integers it cuts off."""
    operands = [at.operand(name) for name in node.inputs]
    if any(at.model.elements.get(name) in INTEGERS for name in node.inputs):
        return at.call(torch.div, *operands, rounding_mode="trunc")
    return at.call(operator.truediv, *operands)


def cast(at: Assembly, node: Node) -> fx.Node:
    """ONNX Cast."""
    to = node.attributes["to"]
    if to not in DTYPES:
        raise node.unsupported(f"to {TensorProto.DataType.Name(to)}")
    return at.method("to", at.value(node.inputs[0]), DTYPES[to])


def _unary(at: Assembly, node: Node) -> fx.Node:
    return at.call(UNARY[node.kind], at.value(node.inputs[0]))


def _arithmetic(at: Assembly, node: Node) -> fx.Node:
    return at.call(ARITHMETIC[node.kind], *(at.operand(name) for name in node.inputs))


def _on_tensors(at: Assembly, node: Node) -> fx.Node:
    return at.call(ON_TENSORS[node.kind], *(at.value(name) for name in node.inputs))


RULES: dict[str, Rule] = {
    "Add": add,
    "Cast": cast,
    "Div": div,
    "Mul": mul,
    **dict.fromkeys(UNARY, _unary),
    **dict.fromkeys(ARITHMETIC, _arithmetic),
    **dict.fromkeys(ON_TENSORS, _on_tensors),
}
