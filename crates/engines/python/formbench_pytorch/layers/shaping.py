"""The same elements elsewhere: parts, joins, other shapes, other orders."""

from __future__ import annotations

import operator

import numpy as np
import torch
from torch import fx
from torch.nn import functional

from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Node


def concat(at: Assembly, node: Node) -> fx.Node:
    """ONNX Concat."""
    parts = [at.value(name) for name in node.inputs]
    return at.call(torch.cat, parts, dim=node.attributes["axis"])


def slice_(at: Assembly, node: Node) -> fx.Node:
    """ONNX Slice; with a step back, the indices are a constant."""
    shape = at.shape(node, node.inputs[0])
    parts = [slice(None)] * len(shape)
    for axis, part in _slices(at, node):
        parts[axis] = part
    value = at.value(node.inputs[0])
    for axis, part in enumerate(parts):
        if (part.step or 1) < 0:
            value = _backwards(at, node, value, axis, _from_the_end(part, shape[axis]))
            parts[axis] = slice(None)
    return value if parts == [slice(None)] * len(shape) else _part(at, value, parts)


def pad(at: Assembly, node: Node) -> fx.Node:
    """ONNX Pad with a constant."""
    mode = node.attributes.get("mode", b"constant")
    if mode != b"constant":
        raise node.unsupported(f"mode `{mode.decode()}`, expected a constant")
    pads, value = at.constant(node, 1).tolist(), at.optional(node, 2)
    axes = at.optional(node, 3)
    rank = len(pads) // 2 if axes is None else len(at.shape(node, node.inputs[0]))
    around = [(0, 0)] * rank
    named = range(rank) if axes is None else axes.tolist()
    for axis, before, after in zip(named, pads, pads[len(pads) // 2 :]):
        around[axis] = (before, after)
    last_first = [amount for pair in reversed(around) for amount in pair]
    constant = 0.0 if value is None else float(value.item())
    return at.call(functional.pad, at.value(node.inputs[0]), last_first, value=constant)


def reshape(at: Assembly, node: Node) -> fx.Node:
    """ONNX Reshape to a constant shape."""
    shape = at.constant(node, 1).tolist()
    if 0 in shape and not node.attributes.get("allowzero", 0):
        old = at.shape(node, node.inputs[0])
        shape = [size or old[axis] for axis, size in enumerate(shape)]
    return at.call(torch.reshape, at.value(node.inputs[0]), tuple(shape))


def transpose(at: Assembly, node: Node) -> fx.Node:
    """ONNX Transpose; without a permutation it turns the axes around."""
    order = node.attributes.get("perm")
    if order is None:
        order = range(len(at.shape(node, node.inputs[0])))[::-1]
    return at.call(torch.permute, at.value(node.inputs[0]), tuple(order))


def expand(at: Assembly, node: Node) -> fx.Node:
    """ONNX Expand, where the axes of both shapes may repeat."""
    shapes = at.shape(node, node.inputs[0]), tuple(at.constant(node, 1).tolist())
    target = np.broadcast_shapes(*shapes)
    return at.call(torch.broadcast_to, at.value(node.inputs[0]), target)


def gather(at: Assembly, node: Node) -> fx.Node:
    """ONNX Gather: one index is a part, indices along one axis a selection."""
    axis = node.attributes.get("axis", 0) % len(at.shape(node, node.inputs[0]))
    data, indices = at.value(node.inputs[0]), at.model.constants.get(node.inputs[1])
    if indices is not None and indices.ndim == 0:
        return at.call(torch.select, data, axis, int(indices))
    if indices is not None and indices.ndim == 1 and (indices >= 0).all():
        return at.call(torch.index_select, data, axis, at.value(node.inputs[1]))
    return _part(at, data, [*[slice(None)] * axis, at.value(node.inputs[1])])


def _slices(at: Assembly, node: Node) -> list[tuple[int, slice]]:
    starts, ends = at.constant(node, 1).tolist(), at.constant(node, 2).tolist()
    axes, steps = at.optional(node, 3), at.optional(node, 4)
    rank = len(at.shape(node, node.inputs[0]))
    numbers = range(len(starts)) if axes is None else [axis % rank for axis in axes.tolist()]
    by = [1] * len(starts) if steps is None else steps.tolist()
    return [(axis, slice(*part)) for axis, *part in zip(numbers, starts, ends, by)]


def _from_the_end(part: slice, size: int) -> range:
    """Returns the indices of a step back; ONNX clamps its end to one before the first."""
    end = part.stop + size if -size <= part.stop < 0 else part.stop
    start, _, step = slice(part.start, None, part.step).indices(size)
    return range(start, max(end, -1), step)


def _backwards(at: Assembly, node: Node, value: fx.Node, axis: int, indices: range) -> fx.Node:
    name = f"{node.name}.indices.{axis}"
    at.model.constants[name] = np.array(indices, np.int64)
    return at.call(torch.index_select, value, axis, at.value(name))


def _part(at: Assembly, value: fx.Node, parts: list[slice | fx.Node]) -> fx.Node:
    return at.call(operator.getitem, value, tuple(parts))


RULES: dict[str, Rule] = {
    "Concat": concat,
    "Expand": expand,
    "Gather": gather,
    "Pad": pad,
    "Reshape": reshape,
    "Slice": slice_,
    "Transpose": transpose,
}
