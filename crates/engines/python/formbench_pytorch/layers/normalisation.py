"""Batch normalisation as inference does it, and layer normalisation."""

from __future__ import annotations

import torch
from torch import fx, nn

from formbench_pytorch.layers.assembly import Assembly, Rule, parameter, tensor
from formbench_pytorch.onnx_file import Node

BATCH_NORMS: dict[int, type[nn.Module]] = {
    2: nn.BatchNorm1d,
    3: nn.BatchNorm1d,
    4: nn.BatchNorm2d,
    5: nn.BatchNorm3d,
}


def batch_normalization(at: Assembly, node: Node) -> fx.Node:
    """ONNX BatchNormalization with running statistics."""
    scale, bias, mean, variance = (at.constant(node, index) for index in range(1, 5))
    rank = len(at.model.shapes.get(node.inputs[0], (0, 0, 0, 0)))
    layer = BATCH_NORMS[rank](scale.size, eps=node.attributes.get("epsilon", 1e-5))
    layer.weight, layer.bias = parameter(scale), parameter(bias)
    layer.running_mean, layer.running_var = tensor(mean), tensor(variance)
    return at.layer(node, layer, node.inputs[0])


def layer_normalization(at: Assembly, node: Node) -> fx.Node:
    """ONNX LayerNormalization over the last axes, those of its scale."""
    scale, bias = at.constant(node, 1), at.optional(node, 2)
    axis = node.attributes.get("axis", -1)
    axes = -axis if axis < 0 else len(at.shape(node, node.inputs[0])) - axis
    if scale.ndim != axes:
        raise node.unsupported(f"a scale of shape {scale.shape}, expected {axes} axes")
    layer = nn.LayerNorm(scale.shape, eps=node.attributes.get("epsilon", 1e-5))
    layer.weight = parameter(scale)
    layer.bias = nn.Parameter(torch.zeros(scale.shape)) if bias is None else parameter(bias)
    return at.layer(node, layer, node.inputs[0])


def local_response_normalization(at: Assembly, node: Node) -> fx.Node:
    """ONNX LRN, over channels."""
    given = node.attributes
    if given["size"] % 2 == 0:
        raise node.unsupported("its window is even: PyTorch begins it one channel earlier")
    layer = nn.LocalResponseNorm(
        given["size"], given.get("alpha", 1e-4), given.get("beta", 0.75), given.get("bias", 1.0)
    )
    return at.layer(node, layer, node.inputs[0])


RULES: dict[str, Rule] = {
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "LRN": local_response_normalization,
}
