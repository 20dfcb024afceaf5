"""A clock around each call of the layers that formbench makes of a file, for PyTorch."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import fmean
from time import perf_counter_ns
from typing import Any

from operator_times.turns import Profile, filled, in_turns, mean_at, middle


def profile(file: Path, threads: int, inferences: int) -> Profile:
    """Returns what each call of the layers took that formbench makes of the file, eager."""
    os.environ.update(OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    import torch
    from formbench_pytorch import layers, onnx_file
    from torch import fx

    torch.set_num_threads(threads)
    model = onnx_file.read(file.read_bytes())
    module = layers.module(model)
    dtypes = {name: onnx_file.numpy_type(model.elements[name]) for name in model.inputs}
    batch = [torch.from_numpy(filled(model.shapes[name], dtypes[name])) for name in model.inputs]
    # The start and the end of each call, of each inference.
    calls: list[dict[str, tuple[int, int]]] = []

    class Timed(fx.Interpreter):
        """Calls each layer with a clock around it."""

        def run_node(self, node: fx.Node) -> Any:
            if node.op in ("placeholder", "output", "get_attr"):
                return super().run_node(node)
            positional, named = self.fetch_args_kwargs_from_env(node)
            call = getattr(self, node.op)
            start_ns = perf_counter_ns()
            result = call(node.target, positional, named)
            calls[-1][node.name] = start_ns, perf_counter_ns()
            return result

    interpreter = Timed(module)

    def infer() -> None:
        calls.append({})
        interpreter.run(*batch)

    with torch.inference_mode():
        plain_ns, profiled_ns = in_turns(lambda: module(*batch), infer, inferences)
    counted = middle(profiled_ns)
    runs = [calls[-len(profiled_ns) :][at] for at in counted]

    def span_ns(run: dict[str, tuple[int, int]]) -> int:
        starts, ends = zip(*run.values()) if run else ([0], [0])
        return max(ends) - min(starts)

    def mean_ns(name: str) -> float:
        return fmean(end - start for start, end in (run[name] for run in runs))

    stands_for = _of_calls(model, module)
    return {
        "latency_ns": mean_at(plain_ns, middle(plain_ns)),
        "profiled_ns": mean_at(profiled_ns, counted),
        "accounted_ns": fmean(map(span_ns, runs)),
        "operators": [
            {
                "name": name,
                "kind": " ".join(_call_kind(module, call) for call in of_node),
                "nodes": stands_for[name],
                "ns": sum(mean_ns(call.name) for call in of_node),
            }
            for name, of_node in _by_node(module).items()
        ],
    }


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
    """Returns by node that has calls what they stand for: that node, and those before it that have none of their own."""
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
