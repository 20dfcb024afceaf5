"""ONNX Runtime's own profiler."""

from __future__ import annotations

import json
import tempfile
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from operator_times.turns import Infer, Profile, filled, in_turns, mean_at, middle

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
# What begins the kind of an operator of ONNX Runtime's own that changes a layout.
REORDER = "Reorder"
# Operators of the file that no engine fuses with what comes before them.
PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def profile(file: Path, threads: int, inferences: int) -> Profile:
    """Returns what ONNX Runtime's profiler wrote of the graph that it made of the file."""
    import onnxruntime as ort

    with tempfile.TemporaryDirectory() as folder:
        _, plain = bound(ort, file, threads, ort.SessionOptions())
        options = ort.SessionOptions()
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        # Of a graph whose convolutions are laid out in blocks the file can still be written.
        options.optimized_model_filepath = str(Path(folder, "optimised.onnx"))
        session, infer = bound(ort, file, threads, options)
        plain_ns, profiled_ns = in_turns(plain, infer, inferences)
        events = json.loads(Path(session.end_profiling()).read_text())
        optimised = Path(folder, "optimised.onnx").read_bytes()
    counted = middle(profiled_ns)
    all_runs = kernels(events)[-len(profiled_ns) :]
    runs = [all_runs[at] for at in counted]
    stands_for = rewritten(file.read_bytes(), optimised, list(runs[0][0]))
    return {
        "latency_ns": mean_at(plain_ns, middle(plain_ns)),
        "profiled_ns": mean_at(profiled_ns, counted),
        "accounted_ns": fmean(run_ns for _, run_ns in runs),
        "operators": [
            {
                "name": name,
                "kind": kind,
                "nodes": stands_for.get(name, []),
                "ns": fmean(times.get((name, kind), 0.0) for times, _ in runs),
            }
            for name, kind in runs[0][0]
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


def kernels(events: list[dict[str, Any]]) -> list[tuple[dict[tuple[str, str], float], float]]:
    """Returns what each kernel took in each inference, by name and kind, and the inference by the profiler's clock, in
    nanoseconds. A kernel that runs within another, in the body of a loop, is a part of that."""
    suffix = "_kernel_time"
    runs = sorted((one["ts"], one["dur"]) for one in events if one["name"] == "model_run")
    nodes = [one for one in events if one["cat"] == "Node" and one["name"].endswith(suffix)]
    nodes.sort(key=lambda one: (one["ts"], -one["dur"]))
    of_runs: list[tuple[dict[tuple[str, str], float], float]] = [({}, us * 1e3) for _, us in runs]
    starts = [start for start, _ in runs]
    end = 0
    for one in nodes:
        is_within = one["ts"] + one["dur"] <= end and one["dur"] > 0
        run = bisect_right(starts, one["ts"]) - 1
        if run >= 0 and not is_within:
            times, key = of_runs[run][0], (one["name"].removesuffix(suffix), one["args"]["op_name"])
            times[key] = times.get(key, 0.0) + one["dur"] * 1e3
            end = one["ts"] + one["dur"]
    return of_runs


def rewritten(
    before: bytes, after: bytes, profiled: Iterable[tuple[str, str]] = ()
) -> dict[str, list[str]]:
    """Returns by node of a rewritten graph the names of nodes of the file that it stands for, as far as they are known.

    A rewritten node without a name is called after its kind in `profiled`, names and kinds in the order in which they run.
    A rewritten node whose output has a new name, as behind a change of layout, has a name that begins with that of a node
    of the file: it stands for that one and those before it, to the first product. One that has neither is a part of what
    reads it, such as a function's body, but for a change of layout. Any other stands for those between what it reads and
    what it writes: from its outputs back, up to tensors that the rewritten graph still has.
    """
    import onnx

    old = onnx.load_model_from_string(before).graph
    new = onnx.load_model_from_string(after).graph
    made_by = {name: node for node in old.node for name in node.output}
    by_name = {node.name: node for node in old.node}
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
        known[name] = [made_by[output] for output in node.output if output in made_by]
        if not known[name]:
            named = [by_name[start] for start in beginnings(name) if start in by_name]
            stands_for[name] = back_from(named[:1], to_product=True)
    for name, last in known.items():
        if last:
            stands_for[name] = back_from(last, to_product=False)
    # The reader comes later in the graph.
    for node in (node for node in reversed(new.node) if node.name in stands_for):
        if not stands_for[node.name] and not node.op_type.startswith(REORDER):
            read_by = (one for one in new.node if set(node.output).intersection(one.input))
            stands_for[node.name] = next((stands_for.get(one.name, []) for one in read_by), [])
    return stands_for


def beginnings(name: str) -> list[str]:
    """Returns a name and its beginnings before each `_` and `/`, the longest first."""
    ends = [at for at, letter in enumerate(name) if letter in "_/"]
    return [name[:end] for end in [len(name), *reversed(ends)]]
