"""ONNX nodes as PyTorch layers: each file holds the rules of one family of operators.

The layers become one module whose `forward` is straight Python code that `torch.fx` writes from
them, with every value freed after its last use, as a hand-written module would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import fx, nn
from torch.overrides import TorchFunctionMode

from formbench_pytorch.layers import (
    activation,
    convolution,
    elementwise,
    fused,
    linear,
    normalisation,
    pooling,
    reduction,
    resizing,
    shaping,
)
from formbench_pytorch.layers.assembly import Assembly, Rule
from formbench_pytorch.onnx_file import Model, Node

RULES: dict[str, Rule] = {
    **activation.RULES,
    **convolution.RULES,
    **elementwise.RULES,
    **linear.RULES,
    **normalisation.RULES,
    **pooling.RULES,
    **reduction.RULES,
    **resizing.RULES,
    **shaping.RULES,
}


# What is looked for at the last node of a sequence, before the node's own rule.
FUSIONS: dict[str, Callable[[Assembly, Node], fx.Node | None]] = {
    "Add": fused.biased,
    "MatMul": fused.attention,
    "Mul": fused.gelu,
}


class Unfilled(TorchFunctionMode):
    """Layers made meanwhile are not filled at random, which takes half a second: weights follow."""

    def __torch_function__(
        self, function: Callable[..., Any], _types: Any, positional: Any = (), named: Any = None
    ) -> Any:
        named = named or {}
        if getattr(function, "__module__", None) == nn.init.__name__:
            return named["tensor"]
        return function(*positional, **named)


def module(model: Model) -> nn.Module:
    """Returns the model as one module in evaluation mode; its weights need no gradients.

    Raises a refusal that names the first node without a rule.
    """
    with torch.no_grad(), Unfilled():
        assembly = Assembly(model)
        for node in model.nodes:
            if node.kind not in RULES:
                raise node.unsupported("PyTorch has no rule for this operator")
            assembly.node = node.name
            fusion = FUSIONS.get(node.kind)
            fused_call = fusion(assembly, node) if fusion is not None else None
            assembly.values[node.output] = fused_call or RULES[node.kind](assembly, node)
        outputs = tuple(assembly.value(name) for name in model.outputs)
        assembly.graph.output(outputs if len(outputs) > 1 else outputs[0])
        built = fx.GraphModule(assembly.root, assembly.graph, "Network")
    built.graph.eliminate_dead_code()
    built.delete_all_unused_submodules()
    built.recompile()
    return built.eval().requires_grad_(False)
