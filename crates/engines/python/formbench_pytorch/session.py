"""A loaded model in one of PyTorch's three ways to run it: eager, script, compile."""

from __future__ import annotations

import sys

import numpy as np
import torch
from torch import nn

from formbench_pytorch import failure, layers, onnx_file
from formbench_pytorch.onnx_file import Model
from formbench_pytorch.protocol import Refusal


class Session:
    """A module with its weights, ready for inference."""

    def __init__(self, file: bytes, mode: str) -> None:
        """Raises a refusal if the file is not ONNX or the module cannot run that way."""
        model = onnx_file.read(file)
        module = layers.module(model)
        self._mode = mode
        self._module = in_mode(module, model, mode)

    def infer(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """Returns the outputs, contiguous and readable on the host: this call is the timed span."""
        try:
            with torch.inference_mode():
                outputs = self._module(*map(torch.from_numpy, inputs))
                if not isinstance(outputs, tuple):
                    outputs = (outputs,)
                return [output.contiguous().numpy() for output in outputs]
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> Refusal:
        """Compiling happens in the first inference; where it cannot, the mode is unsupported."""
        name = f"{type(error).__module__}.{type(error).__name__}"
        if self._mode == "compile" and name.startswith(("torch._dynamo", "torch._inductor")):
            remedy = "install a C++ compiler and Python's headers, or take another `mode`"
            return failure.refusal(error, "unsupported", remedy)
        return failure.refusal(error)


def in_mode(module: nn.Module, model: Model, mode: str) -> nn.Module:
    """Returns the module as PyTorch runs it in that mode.

    `script` is `torch.jit.trace` on the input's shape, `freeze` and `optimize_for_inference`;
    `compile` is `torch.compile` with inductor, on one graph of static shapes.
    """
    if mode == "eager":
        return module
    if mode == "script":
        return scripted(module, model)
    if mode == "compile":
        return compiled(module)
    raise Refusal("unsupported", f"pytorch: unknown mode `{mode}`; known: eager, script, compile")


def scripted(module: nn.Module, model: Model) -> nn.Module:
    """Returns the traced, frozen and optimised module."""
    try:
        with torch.no_grad():
            example = tuple(zeros(model, name) for name in model.inputs)
            traced = torch.jit.trace(module, example, check_trace=False)
            return torch.jit.optimize_for_inference(torch.jit.freeze(traced))
    except Exception as error:
        raise failure.refusal(error, "unsupported", "take another `mode`") from error


def zeros(model: Model, name: str) -> torch.Tensor:
    """Returns zeros of an input's shape and kind."""
    dtype = onnx_file.numpy_type(model.elements[name])
    return torch.from_numpy(np.zeros(model.shapes[name], dtype))


def compiled(module: nn.Module) -> nn.Module:
    """Returns the module that the first inference will compile, in this process alone."""
    try:
        import torch._inductor.config as inductor

        # A pool of compiling processes would outlive the first inference.
        inductor.compile_threads = 1
        return torch.compile(module, backend="inductor", dynamic=False, fullgraph=True)
    except Exception as error:
        print(f"torch.compile on Python {sys.version}", file=sys.stderr)
        raise failure.refusal(error, "unsupported", "take another `mode`") from error
