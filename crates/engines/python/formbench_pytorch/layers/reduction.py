"""One number of all along some axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import fx

from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Node

REDUCTIONS: dict[str, Callable[..., Any]] = {
    "ReduceMax": torch.amax,
    "ReduceMean": torch.mean,
    "ReduceMin": torch.amin,
    "ReduceSum": torch.sum,
}


INDICES: dict[str, Callable[..., Any]] = {"ArgMax": torch.argmax, "ArgMin": torch.argmin}


def reduce(at: Assembly, node: Node) -> fx.Node:
    """ONNX ReduceMax, ReduceMean, ReduceMin, ReduceSum."""
    axes, keep = _axes(at, node), bool(node.attributes.get("keepdims", 1))
    return at.call(REDUCTIONS[node.kind], at.value(node.inputs[0]), dim=axes, keepdim=keep)


def index(at: Assembly, node: Node) -> fx.Node:
    """ONNX ArgMax and ArgMin."""
    if node.attributes.get("select_last_index", 0):
        raise node.unsupported("`select_last_index`")
    axis, keep = node.attributes.get("axis", 0), bool(node.attributes.get("keepdims", 1))
    return at.call(INDICES[node.kind], at.value(node.inputs[0]), dim=axis, keepdim=keep)


def reduce_prod(at: Assembly, node: Node) -> fx.Node:
    """ONNX ReduceProd, one axis after the other, the last first."""
    value, keep = at.value(node.inputs[0]), bool(node.attributes.get("keepdims", 1))
    for axis in sorted(_axes(at, node), reverse=True):
        value = at.call(torch.prod, value, dim=axis, keepdim=keep)
    return value


def _axes(at: Assembly, node: Node) -> list[int]:
    """Returns the axes, an attribute or an input as the opset has it, all if none are given."""
    given = at.optional(node, 1)
    axes = node.attributes.get("axes", []) if given is None else given.tolist()
    if not axes and node.attributes.get("noop_with_empty_axes", 0):
        raise node.unsupported("`noop_with_empty_axes` without axes")
    rank = len(at.shape(node, node.inputs[0]))
    return [axis % rank for axis in axes] or list(range(rank))


RULES: dict[str, Rule] = {
    **dict.fromkeys(INDICES, index),
    **dict.fromkeys(REDUCTIONS, reduce),
    "ReduceProd": reduce_prod,
}
