"""Sequences of ONNX nodes that PyTorch's users write as one call: GELU, attention, a linear layer with its bias.

Each function looks at the last node of a sequence and back from there. It gives nothing where a node before the last is
read by another too, or where the numbers are others. What the sequence's own nodes became is dead code then.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import fx, nn
from torch.nn import functional

from formbench_pytorch.layers import linear
from formbench_pytorch.layers.assembly import Assembly
from formbench_pytorch.onnx_file import Node

WITHIN = 1e-6


def gelu(at: Assembly, node: Node) -> fx.Node | None:
    """A product that ends `x · (1 + erf(x / √2)) / 2`, in any order of its factors."""
    factors = [*_factors(at, node), *(f for name in node.inputs for f in _inner_factors(at, name))]
    if len(factors) != 3:
        return None
    numbers = [number for number in (_number(at, name) for name in factors) if number is not None]
    if len(numbers) != 1 or not math.isclose(numbers[0], 0.5, rel_tol=WITHIN):
        return None
    for one in factors:
        x = _of_erf(at, one)
        if x is not None and x in factors:
            return at.layer(node, nn.GELU(), x)
    return None


def attention(at: Assembly, node: Node) -> fx.Node | None:
    """A product of a softmax, over the last axis, of scaled products: `scaled_dot_product_attention`."""
    weights = _only(at, node.inputs[0], "Softmax")
    rank = len(at.model.shapes.get(node.inputs[0], ()))
    if weights is None or weights.attributes.get("axis", -1) not in (-1, rank - 1) or rank < 3:
        return None
    scores, scale = _scaled(at, weights.inputs[0])
    product = _only(at, scores, "MatMul")
    if product is None or any(name in at.model.constants for name in product.inputs):
        return None
    query, of_query = _scaled(at, product.inputs[0])
    keys, of_keys = _scaled(at, product.inputs[1])
    if any(len(at.model.shapes.get(name, ())) != rank for name in (query, keys, node.inputs[1])):
        return None
    return at.call(
        functional.scaled_dot_product_attention,
        at.value(query),
        at.call(torch.transpose, at.value(keys), -2, -1),
        at.value(node.inputs[1]),
        scale=scale * of_query * of_keys,
    )


def biased(at: Assembly, node: Node) -> fx.Node | None:
    """The sum of a product with a constant matrix and one number for each of its columns: a linear layer."""
    for product, bias in (node.inputs, node.inputs[::-1]):
        made, added = _only(at, product, "MatMul"), at.model.constants.get(bias)
        weight = at.model.constants.get(made.inputs[1]) if made is not None else None
        if weight is None or weight.ndim != 2 or added is None or added.shape != weight.shape[1:]:
            continue
        if made is not None:
            return linear.layer(at, made, weight.T, added)
    return None


def _only(at: Assembly, name: str, kind: str) -> Node | None:
    """The node of a kind that makes a value which one node alone reads."""
    node = at.model.producers.get(name)
    return node if node is not None and node.kind == kind and at.model.uses[name] == 1 else None


def _number(at: Assembly, name: str) -> float | None:
    """A constant number without axes: one with axes may give its product more of them."""
    constant = at.model.constants.get(name)
    if constant is None or constant.ndim > 0 or constant.dtype != np.float32:
        return None
    return float(constant.item())


def _scaled(at: Assembly, name: str) -> tuple[str, float]:
    """What a value is a multiple of, and the factor: 1 if it is no product with a number."""
    product, quotient = _only(at, name, "Mul"), _only(at, name, "Div")
    if product is not None:
        for of, by in (product.inputs, product.inputs[::-1]):
            number = _number(at, by)
            if number is not None:
                return of, number
    if quotient is not None:
        number = _number(at, quotient.inputs[1])
        if number:
            return quotient.inputs[0], 1 / number
    return name, 1.0


def _factors(at: Assembly, node: Node) -> list[str]:
    """The factors of a product that are no products of their own."""
    return [name for name in node.inputs if _only(at, name, "Mul") is None]


def _inner_factors(at: Assembly, name: str) -> tuple[str, ...]:
    product = _only(at, name, "Mul")
    return () if product is None else product.inputs


def _of_erf(at: Assembly, name: str) -> str | None:
    """The x of `1 + erf(x / √2)`."""
    total = _only(at, name, "Add")
    if total is None:
        return None
    for erf, one in (total.inputs, total.inputs[::-1]):
        made = _only(at, erf, "Erf")
        if made is None or _number(at, one) != 1.0:
            continue
        x, factor = _scaled(at, made.inputs[0])
        if math.isclose(factor, math.sqrt(0.5), rel_tol=WITHIN):
            return x
    return None
