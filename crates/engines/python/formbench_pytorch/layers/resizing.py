"""Images in another height and width."""

from __future__ import annotations

from torch import fx
from torch.nn import functional

from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Node

# What PyTorch calls an ONNX mode, coordinates and rounding, and whether its corners are aligned.
INTERPOLATIONS: dict[tuple[str, str, str], tuple[str, bool | None]] = {
    ("nearest", "asymmetric", "floor"): ("nearest", None),
    ("nearest", "half_pixel", "round_prefer_ceil"): ("nearest-exact", None),
    ("linear", "half_pixel", ""): ("bilinear", False),
    ("linear", "pytorch_half_pixel", ""): ("bilinear", False),
    ("linear", "align_corners", ""): ("bilinear", True),
    ("cubic", "half_pixel", ""): ("bicubic", False),
    ("cubic", "pytorch_half_pixel", ""): ("bicubic", False),
    ("cubic", "align_corners", ""): ("bicubic", True),
}


def resize(at: Assembly, node: Node) -> fx.Node:
    """ONNX Resize of the last two axes, to sizes or by scales."""
    how = (
        _word(node, "mode", "nearest"),
        _word(node, "coordinate_transformation_mode", "half_pixel"),
        _word(node, "nearest_mode", "round_prefer_floor"),
    )
    key = how if how[0] == "nearest" else (*how[:2], "")
    if key not in INTERPOLATIONS or node.attributes.get("cubic_coeff_a", -0.75) != -0.75:
        raise node.unsupported(f"interpolation {', '.join(filter(None, key))}")
    mode, align_corners = INTERPOLATIONS[key]
    options = {} if align_corners is None else {"align_corners": align_corners}
    size = _size(at, node)
    return at.call(
        functional.interpolate, at.value(node.inputs[0]), size=size, mode=mode, **options
    )


def _size(at: Assembly, node: Node) -> tuple[int, ...]:
    old = at.shape(node, node.inputs[0])
    sizes, scales = at.optional(node, 3), at.optional(node, 2)
    if sizes is not None:
        new = sizes.tolist()
    elif scales is not None:
        new = [int(size * scale) for size, scale in zip(old, scales.tolist())]
    else:
        raise node.unsupported("neither sizes nor scales")
    if len(old) != 4 or tuple(new[:2]) != old[:2]:
        raise node.unsupported(f"from {old} to {tuple(new)}, expected other rows and columns only")
    return tuple(new[2:])


def _word(node: Node, name: str, default: str) -> str:
    return node.attributes.get(name, default.encode()).decode()


RULES: dict[str, Rule] = {"Resize": resize}
