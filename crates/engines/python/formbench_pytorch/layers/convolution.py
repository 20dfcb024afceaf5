"""Convolutions over two axes, and transposed ones."""

from __future__ import annotations

import operator

import numpy as np
from torch import fx, nn

from formbench_pytorch.layers import padding
from formbench_pytorch.layers.assembly import Assembly, Rule, parameter
from formbench_pytorch.onnx_file import Node


def conv(at: Assembly, node: Node) -> fx.Node:
    """ONNX Conv."""
    weight, bias = _weights(at, node)
    images, pads = padding.apart(at, node, padding.pads_of(node), fits=True)
    groups = node.attributes.get("group", 1)
    layer = nn.Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        weight.shape[2:],
        stride=_pair(node, "strides"),
        padding=pads,
        dilation=_pair(node, "dilations"),
        groups=groups,
        bias=bias is not None,
        device="meta",
    )
    return at.layer(node, _filled(layer, weight, bias), images)


def conv_transpose(at: Assembly, node: Node) -> fx.Node:
    """ONNX ConvTranspose; asymmetric pads cut its whole output."""
    if "output_shape" in node.attributes:
        raise node.unsupported("`output_shape`, expected explicit pads")
    weight, bias = _weights(at, node)
    pads = padding.pads_of(node)
    symmetric = padding.is_symmetric(pads)
    groups = node.attributes.get("group", 1)
    layer = nn.ConvTranspose2d(
        weight.shape[0],
        weight.shape[1] * groups,
        weight.shape[2:],
        stride=_pair(node, "strides"),
        padding=pads[:2] if symmetric else 0,
        output_padding=tuple(node.attributes.get("output_padding", (0, 0))),
        groups=groups,
        bias=bias is not None,
        dilation=_pair(node, "dilations"),
        device="meta",
    )
    whole = at.layer(node, _filled(layer, weight, bias), node.inputs[0])
    if symmetric:
        return whole
    top, left, bottom, right = pads
    rows, columns = slice(top, -bottom or None), slice(left, -right or None)
    return at.call(operator.getitem, whole, (..., rows, columns))


def _weights(at: Assembly, node: Node) -> tuple[np.ndarray, np.ndarray | None]:
    weight = at.constant(node, 1)
    if weight.ndim != 4:
        raise node.unsupported(f"weights of {weight.ndim} axes, expected 4: two of space")
    return weight, at.optional(node, 2)


def _filled(layer: nn.Module, weight: np.ndarray, bias: np.ndarray | None) -> nn.Module:
    layer.weight = parameter(weight)
    if bias is not None:
        layer.bias = parameter(bias)
    return layer


def _pair(node: Node, name: str) -> tuple[int, ...]:
    return tuple(node.attributes.get(name, (1, 1)))


RULES: dict[str, Rule] = {"Conv": conv, "ConvTranspose": conv_transpose}
