"""Matrix products."""

from __future__ import annotations

import numpy as np
import torch
from torch import fx, nn

from formbench_pytorch.layers.assembly import Assembly, Rule, parameter
from formbench_pytorch.onnx_file import Node


def gemm(at: Assembly, node: Node) -> fx.Node:
    """ONNX Gemm with constant weights: a linear layer; its factors are folded in."""
    if node.attributes.get("transA", 0):
        raise node.unsupported("its first input is transposed")
    weight, bias = at.constant(node, 1), at.optional(node, 2)
    outputs_first = weight if node.attributes.get("transB", 0) else weight.T
    alpha, beta = node.attributes.get("alpha", 1.0), node.attributes.get("beta", 1.0)
    if bias is not None:
        bias = np.float32(beta) * np.broadcast_to(bias.reshape(-1), outputs_first.shape[:1])
    return layer(at, node, np.float32(alpha) * outputs_first, bias)


def mat_mul(at: Assembly, node: Node) -> fx.Node:
    """ONNX MatMul: a linear layer without bias if the second is a constant matrix."""
    weight = at.model.constants.get(node.inputs[1])
    if weight is not None and weight.ndim == 2:
        return layer(at, node, weight.T, None)
    return at.call(torch.matmul, *(at.value(name) for name in node.inputs))


def layer(at: Assembly, node: Node, weight: np.ndarray, bias: np.ndarray | None) -> fx.Node:
    """A linear layer of a node's first input, with weights `[outputs, inputs]`."""
    outputs, inputs = weight.shape
    made = nn.Linear(inputs, outputs, bias=bias is not None, device="meta")
    made.weight = parameter(np.ascontiguousarray(weight))
    if bias is not None:
        made.bias = parameter(np.ascontiguousarray(bias))
    return at.layer(node, made, node.inputs[0])


RULES: dict[str, Rule] = {"Gemm": gemm, "MatMul": mat_mul}
