"""Zeros and other constants around images."""

from __future__ import annotations

from collections.abc import Sequence

from torch import fx, nn

from formbench_pytorch.layers.assembly import Assembly
from formbench_pytorch.onnx_file import Node

Pads = tuple[int, int, int, int]


def pads_of(node: Node) -> Pads:
    """Returns rows above, columns left, rows below, columns right, as ONNX's `pads` has them."""
    auto = node.attributes.get("auto_pad", b"NOTSET")
    if auto not in (b"NOTSET", b"VALID"):
        raise node.unsupported(f"auto_pad `{auto.decode()}`, expected explicit pads")
    pads = node.attributes.get("pads", (0, 0, 0, 0))
    if len(pads) != 4:
        raise node.unsupported(f"{len(pads)} pads, expected 4: two axes")
    return tuple(pads)


def is_symmetric(pads: Pads) -> bool:
    """Says whether there is as much above as below, and left as right."""
    return pads[:2] == pads[2:]


def apart(
    at: Assembly, node: Node, pads: Pads, fits: bool, value: float = 0.0
) -> tuple[fx.Node, Sequence[int]]:
    """Returns the node's first input, padded unless a layer can take the pads, and what it takes.

    A layer takes symmetric pads only, and pooling only those that `fits` says are small enough.
    """
    images = at.value(node.inputs[0])
    if is_symmetric(pads) and fits:
        return images, pads[:2]
    top, left, bottom, right = pads
    layer = nn.ConstantPad2d((left, right, top, bottom), value)
    return at.layer(node, layer, images), (0, 0)
