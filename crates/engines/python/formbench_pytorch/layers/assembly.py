"""The module under construction: an fx graph, and the layers that it calls."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import fx, nn

from formbench_pytorch.onnx_file import Model, Node

# Operators whose output may share its elements with their input.
VIEWS = frozenset({"Cast", "Expand", "Gather", "Reshape", "Slice", "Transpose"})

# In a call's `meta`: the name of the node of the file that it stands for.
OF = "onnx"


class Assembly:
    """What rules add to: `values` are the graph's so far, by their names in the ONNX file."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.root = nn.Module()
        self.graph = fx.Graph()
        self.values: dict[str, fx.Node] = {}
        # The node of the file whose rule is at work: what its calls stand for.
        self.node = ""
        for name in model.inputs:
            self.values[name] = self.graph.placeholder(_identifier(name))

    def value(self, name: str) -> fx.Node:
        """Returns a value by its name; a constant becomes a buffer of the module."""
        if name not in self.values:
            target = self._free_name(name)
            self.root.register_buffer(target, tensor(self.model.constants[name]))
            self.values[name] = self.graph.get_attr(target)
        return self.values[name]

    def operand(self, name: str) -> fx.Node | float | int:
        """Returns a value, or a plain number if it is a constant of no axes."""
        constant = self.model.constants.get(name)
        if constant is not None and constant.ndim == 0 and constant.dtype != np.bool_:
            return constant.item()
        return self.value(name)

    def layer(self, node: Node, layer: nn.Module, *inputs: str | fx.Node) -> fx.Node:
        """Returns what a layer, named as the node is, makes of the inputs."""
        target = self._free_name(node.name)
        self.root.add_module(target, layer)
        values = [self.value(i) if isinstance(i, str) else i for i in inputs]
        return self._tagged(self.graph.call_module(target, tuple(values)))

    def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> fx.Node:
        """Returns what a function makes of values and plain arguments."""
        return self._tagged(self.graph.call_function(function, arguments, named))

    def method(self, name: str, *arguments: Any) -> fx.Node:
        """Returns what a method of the first argument makes of the others."""
        return self._tagged(self.graph.call_method(name, arguments))

    def _tagged(self, call: fx.Node) -> fx.Node:
        call.meta[OF] = self.node
        return call

    def constant(self, node: Node, at: int) -> np.ndarray:
        """Returns an input that must be a constant; raises a refusal if it is not."""
        name = node.inputs[at]
        if name not in self.model.constants:
            raise node.unsupported(f"its input {at} `{name}` is not a constant")
        return self.model.constants[name]

    def optional(self, node: Node, at: int) -> np.ndarray | None:
        """Returns a constant input, or nothing if it is left out."""
        given = at < len(node.inputs) and node.inputs[at]
        return self.constant(node, at) if given else None

    def shape(self, node: Node, name: str) -> tuple[int, ...]:
        """Returns the shape of a value; raises a refusal if the file does not state it."""
        if name not in self.model.shapes:
            raise node.unsupported(f"the file does not state the shape of `{name}`")
        return self.model.shapes[name]

    def may_overwrite(self, name: str, readings: int = 1) -> bool:
        """Says whether a layer that reads a value so many times is the only one to read it."""
        producer = self.model.producers.get(name)
        fresh = producer is not None and producer.kind not in VIEWS
        return fresh and self.model.uses[name] == readings

    def _free_name(self, name: str) -> str:
        target = _identifier(name)
        while hasattr(self.root, target):
            target += "_"
        return target


Rule = Callable[[Assembly, Node], fx.Node]


def tensor(array: np.ndarray) -> torch.Tensor:
    """Returns a copy in memory that torch has allocated and aligned."""
    return torch.tensor(array)


def parameter(array: np.ndarray) -> nn.Parameter:
    """Returns a layer's weight."""
    return nn.Parameter(tensor(array), requires_grad=False)


def _identifier(name: str) -> str:
    """Returns a name that Python takes for a variable: neither its own word nor that of the module itself."""
    plain = re.sub(r"\W", "_", name)
    if not plain or plain[0].isdigit():
        plain = "_" + plain
    return plain + "_" if keyword.iskeyword(plain) or plain == "self" else plain
