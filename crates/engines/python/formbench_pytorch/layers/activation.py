"""Functions of each element that PyTorch has layers for.

They overwrite their input where nobody else reads it, as the layers of published networks do.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import torch
from torch import fx, nn

from formbench_pytorch.layers.assembly import Assembly, Rule, parameter
from formbench_pytorch.onnx_file import Node


def relu(at: Assembly, node: Node) -> fx.Node:
    """ONNX Relu."""
    return _in_place(at, node, nn.ReLU)


def hard_swish(at: Assembly, node: Node) -> fx.Node:
    """ONNX HardSwish."""
    return _in_place(at, node, nn.Hardswish)


def sigmoid(at: Assembly, node: Node) -> fx.Node:
    """ONNX Sigmoid."""
    return at.layer(node, nn.Sigmoid(), node.inputs[0])


def tanh(at: Assembly, node: Node) -> fx.Node:
    """ONNX Tanh."""
    return at.layer(node, nn.Tanh(), node.inputs[0])


def softplus(at: Assembly, node: Node) -> fx.Node:
    """ONNX Softplus."""
    return at.layer(node, nn.Softplus(), node.inputs[0])


def softmax(at: Assembly, node: Node) -> fx.Node:
    """ONNX Softmax of opset 13 and later: along one axis."""
    return at.layer(node, nn.Softmax(node.attributes.get("axis", -1)), node.inputs[0])


def clip(at: Assembly, node: Node) -> fx.Node:
    """ONNX Clip: ReLU, ReLU6 or Hardtanh where the bounds are theirs."""
    low, high = _bound(at, node, 1, -math.inf), _bound(at, node, 2, math.inf)
    if (low, high) == (0.0, math.inf):
        return _in_place(at, node, nn.ReLU)
    if (low, high) == (0.0, 6.0):
        return _in_place(at, node, nn.ReLU6)
    if math.isfinite(low) and math.isfinite(high):
        return _in_place(at, node, lambda inplace: nn.Hardtanh(low, high, inplace=inplace))
    return at.call(torch.clamp, at.value(node.inputs[0]), min=low, max=high)


def hard_sigmoid(at: Assembly, node: Node) -> fx.Node:
    """ONNX HardSigmoid: a layer at PyTorch's slope of 1/6, else its parts."""
    alpha = node.attributes.get("alpha", 0.2)
    beta = node.attributes.get("beta", 0.5)
    if math.isclose(alpha, 1 / 6, rel_tol=1e-6) and beta == 0.5:
        return _in_place(at, node, nn.Hardsigmoid)
    line = at.call(operator.add, at.call(operator.mul, at.value(node.inputs[0]), alpha), beta)
    return at.call(torch.clamp, line, min=0.0, max=1.0)


def leaky_relu(at: Assembly, node: Node) -> fx.Node:
    """ONNX LeakyRelu."""
    slope = node.attributes.get("alpha", 0.01)
    return _in_place(at, node, lambda inplace: nn.LeakyReLU(slope, inplace=inplace))


def p_relu(at: Assembly, node: Node) -> fx.Node:
    """ONNX PRelu with one slope, or one for each channel of axis 1."""
    slope = at.constant(node, 1)
    rank = len(at.shape(node, node.inputs[0]))
    of_channels = (
        slope.ndim >= rank - 1 and slope.shape[max(slope.ndim - rank + 1, 0)] == slope.size
    )
    if slope.size != 1 and not of_channels:
        raise node.unsupported(f"slopes of shape {slope.shape}, expected one for each channel")
    layer = nn.PReLU(slope.size)
    layer.weight = parameter(slope.reshape(-1))
    return at.layer(node, layer, node.inputs[0])


def _in_place(at: Assembly, node: Node, layer: Callable[..., nn.Module]) -> fx.Node:
    name = node.inputs[0]
    return at.layer(node, layer(inplace=at.may_overwrite(name)), name)


def _bound(at: Assembly, node: Node, index: int, default: float) -> float:
    bound = at.optional(node, index)
    return default if bound is None else float(bound.item())


RULES: dict[str, Rule] = {
    "Clip": clip,
    "HardSigmoid": hard_sigmoid,
    "HardSwish": hard_swish,
    "LeakyRelu": leaky_relu,
    "PRelu": p_relu,
    "Relu": relu,
    "Sigmoid": sigmoid,
    "Softmax": softmax,
    "Softplus": softplus,
    "Tanh": tanh,
}
