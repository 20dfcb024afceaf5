"""OpenVINO's counters per layer."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean
from typing import Any

from operator_times.chains import around_ns
from operator_times.counters import Counted, compiled
from operator_times.turns import Profile, in_turns, mean_at, middle, with_names

# Names of nodes by name of an operator, or of a node.
Nodes = dict[str, list[str]]


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


def stands_for(nodes: Any, runtime: Any) -> Nodes:
    """Returns by operator of a compiled model the nodes of the file that it stands for.

    These are nodes that it names. One that OpenVINO made of nodes and names after none of them stands for those
    that read what its source gives and that no operator names; where there are none, it is a part of what reads it,
    as the mean of a norm is. A change of layout names nothing and stands for nothing.
    """
    # OpenVINO may name a node after what it gives.
    given_by = {output: node.name for node in nodes for output in node.output}
    operators = runtime.get_ordered_ops()
    said = {
        operator.get_friendly_name(): [given_by.get(name, name) for name in _names(operator)]
        for operator in operators
    }
    names = {node.name for node in nodes}
    found = {operator: [one for one in of if one in names] for operator, of in said.items()}
    made_up = {operator for operator, of in said.items() if of and not found[operator]}
    _add_nodes_without_a_name(found, made_up, operators, _readers(nodes, given_by))
    _add_parts(found, made_up, operators)
    return found


def _readers(nodes: Any, given_by: dict[str, str]) -> Nodes:
    """Returns by node those that read what it gives."""
    readers: Nodes = {}
    for node in nodes:
        for source in {given_by[tensor] for tensor in node.input if tensor in given_by}:
            readers.setdefault(source, []).append(node.name)
    return readers


def _add_nodes_without_a_name(
    found: Nodes, made_up: set[str], operators: list[Any], readers: Nodes
) -> None:
    named = {name for of_operator in found.values() for name in of_operator}
    for operator in operators:
        name = operator.get_friendly_name()
        if name in made_up:
            sources = [value.get_node().get_friendly_name() for value in operator.input_values()]
            given = [node for source in sources for node in found.get(source, [])]
            read = [node for one in given for node in readers.get(one, [])]
            found[name] = [node for node in read if node not in named]


def _add_parts(found: Nodes, made_up: set[str], operators: list[Any]) -> None:
    # What an operator stands for, or what reads it if that is a change of layout. A reader comes later.
    behind: Nodes = {}
    for operator in reversed(operators):
        name = operator.get_friendly_name()
        targets = [one for output in operator.outputs() for one in output.get_target_inputs()]
        readers = [one.get_node().get_friendly_name() for one in targets]
        behind[name] = found[name] or next((behind[reader] for reader in readers), [])
        if name in made_up:
            found[name] = behind[name]


def _names(operator: Any) -> list[str]:
    info = operator.get_rt_info()
    names = info["originalLayersNames"].astype(str) if "originalLayersNames" in info else ""
    return [name for name in names.split(",") if name]
