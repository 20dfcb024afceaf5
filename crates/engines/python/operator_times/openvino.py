"""OpenVINO's counters per layer."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import Any

from operator_times.chains import around_ns
from operator_times.counters import Counted, compiled
from operator_times.turns import Profile, in_turns, mean_at, middle, with_names


def profile(file: Path, threads: int, inferences: int) -> Profile:
    """Returns OpenVINO's counters per layer of the model that it compiled."""
    import onnx

    config = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
    }
    _, plain = compiled(str(file), config)
    counted = Counted(str(file), config)
    plain_ns, profiled_ns = in_turns(plain.infer, counted.infer, inferences, counted.start)
    whole_ns = mean_at(profiled_ns, middle(profiled_ns))
    # Of single inferences counters say nothing: the means over all are scaled to the middle ones.
    scale = whole_ns / fmean(profiled_ns)
    times = {key: scale * ns for key, ns in counted.times().items()}
    named = stands_for(with_names(onnx.load(str(file)).graph.node), counted.model.get_runtime_model())
    return {
        "latency_ns": mean_at(plain_ns, middle(plain_ns)),
        "profiled_ns": whole_ns,
        "accounted_ns": sum(times.values()) + around_ns(config, times.values()),
        "operators": [
            {"name": name, "kind": kind, "nodes": named.get(name, []), "ns": ns}
            for (name, kind), ns in times.items()
        ],
    }


def stands_for(nodes: Any, runtime: Any) -> dict[str, list[str]]:
    """Returns by operator of a compiled model the nodes of the file that it stands for.

    These are nodes that it names. One that OpenVINO made of nodes and names after none of them stands for those that read
    what its source gives and that no operator names.
    """
    # OpenVINO may name a node after what it gives.
    given_by = {output: node.name for node in nodes for output in node.output}
    names = {node.name for node in nodes}
    readers: dict[str, list[str]] = {}
    for node in nodes:
        for source in {given_by[tensor] for tensor in node.input if tensor in given_by}:
            readers.setdefault(source, []).append(node.name)
    operators = runtime.get_ordered_ops()
    said = {
        operator.get_friendly_name(): [given_by.get(name, name) for name in _names(operator)]
        for operator in operators
    }
    named = {name for of_operator in said.values() for name in of_operator}
    for operator in operators:
        of_operator = said[operator.get_friendly_name()]
        if of_operator and not names.intersection(of_operator):
            sources = [value.get_node().get_friendly_name() for value in operator.input_values()]
            given = [name for source in sources for name in said.get(source, [])]
            read = [name for source in given for name in readers.get(source, [])]
            of_operator.extend(name for name in read if name not in named)
    return said


def _names(operator: Any) -> list[str]:
    info = operator.get_rt_info()
    names = info["originalLayersNames"].astype(str) if "originalLayersNames" in info else ""
    return [name for name in names.split(",") if name]
