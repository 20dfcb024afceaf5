"""A clock around each call of the layers that formbench makes of a file, for PyTorch."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from time import perf_counter_ns
from typing import Any

from operator_times.turns import WARM_UP_INFERENCES, Profile, filled, in_turns, mean_at, middle


# The start and the end of each call, in nanoseconds.
Calls = dict[str, tuple[int, int]]


def profile(file: Path, threads: int, inferences: int) -> Profile:
    """Returns what each call of the layers took that formbench makes of the file, eager."""
    os.environ.update(OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    import torch
    from formbench_pytorch import layers, onnx_file

    torch.set_num_threads(threads)
    model = onnx_file.read(file.read_bytes())
    module = layers.module(model)
    dtypes = {name: onnx_file.numpy_type(model.elements[name]) for name in model.inputs}
    batch = [torch.from_numpy(filled(model.shapes[name], dtypes[name])) for name in model.inputs]
    all_calls: list[Calls] = []
    infer = with_clock(module, all_calls)
    with torch.inference_mode():
        plain_ns, profiled_ns = in_turns(lambda: module(*batch), lambda: infer(*batch), inferences)
    counted = middle(profiled_ns)
    runs = [all_calls[WARM_UP_INFERENCES + at] for at in counted]
    stands_for = _of_calls(model, module)
    operators = [
        {
            "name": name,
            "kind": " ".join(_call_kind(module, call) for call in calls),
            "nodes": stands_for[name],
            "ns": fmean(sum(took_ns(run[call.name]) for call in calls) for run in runs),
        }
        for name, calls in _by_node(module).items()
    ]
    return {
        "latency_ns": mean_at(plain_ns, middle(plain_ns)),
        "profiled_ns": mean_at(profiled_ns, counted),
        "accounted_ns": sum(one["ns"] for one in operators) + fmean(map(between_ns, runs)),
        "operators": operators,
    }


def with_clock(module: Any, all_calls: list[Calls]) -> Callable[..., Any]:
    """Returns what infers with a clock around each call of a module, and adds what it read to the calls."""
    from torch import fx

    class Timed(fx.Interpreter):
        """Calls each layer with a clock around it."""

        def run_node(self, node: fx.Node) -> Any:
            if node.op in ("placeholder", "output", "get_attr"):
                return super().run_node(node)
            positional, named = self.fetch_args_kwargs_from_env(node)
            call = getattr(self, node.op)
            start_ns = perf_counter_ns()
            result = call(node.target, positional, named)
            all_calls[-1][node.name] = start_ns, perf_counter_ns()
            return result

    interpreter = Timed(module)

    def infer(*inputs: Any) -> Any:
        all_calls.append({})
        return interpreter.run(*inputs)

    return infer


def took_ns(call: tuple[int, int]) -> int:
    """Returns what a call took."""
    start, end = call
    return end - start


def between_ns(calls: Calls) -> int:
    """Returns what passes between each call of an inference and the next."""
    in_turn = sorted(calls.values())
    return sum(start - end for (_, end), (start, _) in zip(in_turn, in_turn[1:]))


def _by_node(module: Any) -> dict[str, list[Any]]:
    """Returns the calls of a module by the node of the file whose rule made them."""
    from formbench_pytorch.layers.assembly import OF

    calls: dict[str, list[Any]] = {}
    for call in module.graph.nodes:
        if call.op in ("call_module", "call_function", "call_method"):
            calls.setdefault(call.meta[OF], []).append(call)
    return calls


def _call_kind(module: Any, call: Any) -> str:
    if call.op == "call_module":
        return type(module.get_submodule(call.target)).__name__
    return getattr(call.target, "__name__", str(call.target))


def _of_calls(model: Any, module: Any) -> dict[str, list[str]]:
    """Returns by node that has calls what they stand for: that node, and those before it that have none."""
    live = _by_node(module)
    stands_for: dict[str, list[str]] = {}
    behind: dict[str, list[str]] = {}
    for node in model.nodes:
        nodes = [*(name for tensor in node.inputs for name in behind.pop(tensor, [])), node.name]
        if node.name in live:
            stands_for[node.name] = nodes
        else:
            behind[node.output] = nodes
    return stands_for
