"""Largest and mean values of windows and of whole planes."""

from __future__ import annotations

import math

import torch
from torch import fx, nn
from torch.nn import functional

from formbench_pytorch.layers import padding
from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Node


def max_pool(at: Assembly, node: Node) -> fx.Node:
    """ONNX MaxPool."""
    kernel, pads = _kernel(node), padding.pads_of(node)
    images, taken = padding.apart(at, node, pads, _fit(kernel, pads), -math.inf)
    layer = nn.MaxPool2d(
        kernel,
        stride=_strides(node),
        padding=taken,
        dilation=tuple(node.attributes.get("dilations", (1, 1))),
        ceil_mode=bool(node.attributes.get("ceil_mode", 0)),
    )
    return at.layer(node, layer, images)


def average_pool(at: Assembly, node: Node) -> fx.Node:
    """ONNX AveragePool; where pads must be added apart and do not count, means are rescaled."""
    if any(d != 1 for d in node.attributes.get("dilations", ())):
        raise node.unsupported("dilations, expected none")
    kernel, pads = _kernel(node), padding.pads_of(node)
    count_pads = bool(node.attributes.get("count_include_pad", 0))
    images, taken = padding.apart(at, node, pads, _fit(kernel, pads))
    ceil = bool(node.attributes.get("ceil_mode", 0))
    layer = nn.AvgPool2d(kernel, _strides(node), taken, ceil, count_pads)
    means = at.layer(node, layer, images)
    if count_pads or padding.is_symmetric(pads) and tuple(taken) == pads[:2]:
        return means
    at.model.constants[f"{node.name}.rescale"] = _rescale(at, node, layer, pads).numpy()
    return at.call(torch.mul, means, at.value(f"{node.name}.rescale"))


def global_average_pool(at: Assembly, node: Node) -> fx.Node:
    """ONNX GlobalAveragePool."""
    return at.layer(node, nn.AdaptiveAvgPool2d(1), node.inputs[0])


def _rescale(at: Assembly, node: Node, layer: nn.Module, pads: padding.Pads) -> torch.Tensor:
    """Returns one over the share of each window that is inside the image."""
    top, left, bottom, right = pads
    inside = torch.ones(1, 1, *at.shape(node, node.inputs[0])[2:])
    return 1.0 / layer(functional.pad(inside, (left, right, top, bottom)))


def _kernel(node: Node) -> tuple[int, ...]:
    return tuple(node.attributes["kernel_shape"])


def _strides(node: Node) -> tuple[int, ...]:
    return tuple(node.attributes.get("strides", (1, 1)))


def _fit(kernel: tuple[int, ...], pads: padding.Pads) -> bool:
    """PyTorch's pools take pads of at most half a window."""
    return all(2 * pad <= size for pad, size in zip(pads, kernel * 2))


RULES: dict[str, Rule] = {
    "AveragePool": average_pool,
    "GlobalAveragePool": global_average_pool,
    "MaxPool": max_pool,
}
