"""ONNX Runtime's own profiler."""

from __future__ import annotations

import json
import tempfile
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from operator_times.turns import (
    WARM_UP_INFERENCES,
    Infer,
    Profile,
    filled,
    in_turns,
    mean_at,
    middle,
    with_names,
)

Event = dict[str, Any]

# NumPy's words for ONNX Runtime's types.
TYPES = {
    "tensor(float16)": "float16",
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(int8)": "int8",
    "tensor(int16)": "int16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}
# Members of ONNX Runtime's enumeration by the values of formbench's option.
LEVELS = {
    "all": "ORT_ENABLE_ALL",
    "extended": "ORT_ENABLE_EXTENDED",
    "basic": "ORT_ENABLE_BASIC",
    "disabled": "ORT_DISABLE_ALL",
}
# What ends the name of a kernel's event.
KERNEL = "_kernel_time"
# What begins the kind of an operator of ONNX Runtime's own that changes a layout.
REORDER = "Reorder"
# Operators of the file that no engine fuses with what comes before them.
PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def profile(file: Path, threads: int, inferences: int, graph_optimization: str = "all") -> Profile:
    """Returns what ONNX Runtime's profiler wrote of the graph that it made of the file, at a level of `LEVELS`."""
    import onnxruntime as ort

    level = getattr(ort.GraphOptimizationLevel, LEVELS[graph_optimization])
    with tempfile.TemporaryDirectory() as folder:
        options = ort.SessionOptions()
        options.graph_optimization_level = level
        _, plain = bound(ort, file, threads, options)
        options = ort.SessionOptions()
        options.graph_optimization_level = level
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        # Of a graph whose convolutions are laid out in blocks the file can still be written.
        options.optimized_model_filepath = str(Path(folder, "optimised.onnx"))
        session, infer = bound(ort, file, threads, options)
        plain_ns, profiled_ns = in_turns(plain, infer, inferences)
        written = by_inference(json.loads(Path(session.end_profiling()).read_text()))
        optimised = Path(folder, "optimised.onnx").read_bytes()
    if len(written) != WARM_UP_INFERENCES + len(profiled_ns):
        raise RuntimeError(f"its profiler kept {len(written)} inferences; ask for fewer")
    counted = middle(profiled_ns)
    runs = [written[WARM_UP_INFERENCES + at] for at in counted]
    times = [kernels(events) for _, events in runs]
    operators = {key: fmean(one.get(key, 0.0) for one in times) for key in times[0]}
    beside_ns = fmean(run_ns - busy_ns(events) for run_ns, events in runs)
    stands_for = rewritten(file.read_bytes(), optimised, list(operators))
    return {
        "latency_ns": mean_at(plain_ns, middle(plain_ns)),
        "profiled_ns": mean_at(profiled_ns, counted),
        "accounted_ns": sum(operators.values()) + beside_ns,
        "operators": [
            {"name": name, "kind": kind, "nodes": stands_for.get(name, []), "ns": ns}
            for (name, kind), ns in operators.items()
        ],
    }


def bound(ort: Any, file: Path, threads: int, options: Any) -> tuple[Any, Infer]:
    """Returns a session with its inputs and outputs in place, and what infers."""
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    for source in session.get_inputs():
        array = filled(tuple(source.shape), TYPES.get(source.type, source.type))
        binding.bind_ortvalue_input(source.name, ort.OrtValue.ortvalue_from_numpy(array))
    for sink in session.get_outputs():
        binding.bind_output(sink.name)
    return session, lambda: session.run_with_iobinding(binding)


def by_inference(events: list[Event]) -> list[tuple[float, list[Event]]]:
    """Returns what each inference took by the profiler's clock, in nanoseconds, and its kernels' events by their start."""
    runs = sorted((one["ts"], one["dur"]) for one in events if one["name"] == "model_run")
    found: list[tuple[float, list[Event]]] = [(us * 1e3, []) for _, us in runs]
    starts = [start for start, _ in runs]
    # What took no microsecond comes before what starts in the same one: it is no part of it.
    for one in sorted(events, key=lambda one: (one["ts"], one["dur"] > 0, -one["dur"])):
        at = bisect_right(starts, one["ts"]) - 1
        if at >= 0 and one["cat"] == "Node" and one["name"].endswith(KERNEL):
            found[at][1].append(one)
    return found


def kernels(events: list[Event]) -> dict[tuple[str, str], float]:
    """Returns what each kernel of an inference took, by name and kind, in nanoseconds.

    One that starts while another runs is of the body of a loop, and a part of that.
    """
    times: dict[tuple[str, str], float] = {}
    end = 0
    for one in events:
        if one["ts"] >= end:
            key = one["name"].removesuffix(KERNEL), one["args"]["op_name"]
            times[key] = times.get(key, 0.0) + one["dur"] * 1e3
            end = one["ts"] + one["dur"]
    return times


def busy_ns(events: list[Event]) -> float:
    """Returns how long any kernel of an inference ran, in nanoseconds."""
    busy_us, end = 0, 0
    for one in events:
        last = one["ts"] + one["dur"]
        busy_us += max(0, last - max(end, one["ts"]))
        end = max(end, last)
    return busy_us * 1e3


def rewritten(
    before: bytes, after: bytes, profiled: Iterable[tuple[str, str]] = ()
) -> dict[str, list[str]]:
    """Returns by node of a rewritten graph the names of nodes of the file that it stands for, as far as they are known.

    A rewritten node without a name is called after its kind in `profiled`, names and kinds in the order in which
    they run. A change of layout stands for none. A rewritten node whose output has a new name, as before a change
    of layout, has a name that begins with that of a node of the file, or of what it gives: it stands for that node
    and those before it, to the first product. One that has neither is a part of what reads it, such as a function's
    body. Any other stands for those between what it reads and what it writes: from its outputs back, up to tensors
    that the rewritten graph still has.
    """
    import onnx

    old = with_names(onnx.load_model_from_string(before).graph.node)
    new = onnx.load_model_from_string(after).graph
    made_by = {name: node for node in old for name in node.output}
    # ONNX Runtime calls a node that has no name after what it gives.
    by_name = made_by | {node.name: node for node in old}
    kept = {name for node in new.node for name in node.output if name in made_by}
    known_names = {node.name for node in new.node}
    for node in (node for node in new.node if not node.name):
        made_up = (name for name, kind in profiled if kind == node.op_type)
        node.name = next((name for name in made_up if name not in known_names), "")
        known_names.add(node.name)
    taken: set[str] = set()

    def back_from(first: list[Any], to_product: bool) -> list[str]:
        found: list[str] = []
        waiting = list(first)
        while waiting:
            one = waiting.pop()
            if one.name in taken:
                continue
            taken.add(one.name)
            found.append(one.name)
            if not to_product or one.op_type not in PRODUCTS:
                sources = [name for name in one.input if name in made_by and name not in kept]
                waiting.extend(made_by[name] for name in sources)
        return found[::-1]

    stands_for: dict[str, list[str]] = {}
    known: dict[str, list[Any]] = {}
    for node in (node for node in new.node if node.name):
        name = node.name
        is_own = node.op_type.startswith(REORDER)
        given = [output for output in node.output if output in made_by and not is_own]
        known[name] = [made_by[output] for output in given]
        if not known[name] and not is_own:
            named = [by_name[start] for start in beginnings(name) if start in by_name]
            stands_for[name] = back_from(named[:1], to_product=True)
    for name, last in known.items():
        if last:
            stands_for[name] = back_from(last, to_product=False)
    # The reader comes later in the graph.
    for node in reversed(new.node):
        if stands_for.get(node.name) == []:
            read_by = (one for one in new.node if set(node.output).intersection(one.input))
            stands_for[node.name] = next((stands_for.get(one.name, []) for one in read_by), [])
    return stands_for


def beginnings(name: str) -> list[str]:
    """Returns a name and its beginnings before each `_` and `/`, the longest first."""
    ends = [at for at, letter in enumerate(name) if letter in "_/"]
    return [name[:end] for end in [len(name), *reversed(ends)]]
