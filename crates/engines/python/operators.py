"""Times an ONNX file operator by operator, with what each engine has for it.

    python operators.py ENGINE FILE --threads 1 --inferences 50

Says one JSON value: `latency_ns`, the median of inferences without the profiler; `profiled_ns`, the median of those
with it; and `operators` in the order they run, each with its `name`, its `kind` in the engine's words, the `nodes` of
the file that it stands for, and `ns`, the median over the profiled inferences. What an engine adds of its own, such as a
change of a tensor's layout, stands for no node. Where the engine cannot be profiled it says `{"absent": "why"}`.

Engines: `onnxruntime` by its own profiler, `openvino` by its counters per layer, `pytorch` by a clock around each call
of the layers that formbench makes of the file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

import fidelity
from fidelity import TURN_INFERENCES, WARM_UP_INFERENCES, WARM_UP_S, timed

Operator = dict[str, Any]
Profile = dict[str, Any]
# How long the latency without a profiler is measured.
SECONDS = 1.0
# NumPy's words for ONNX Runtime's types.
ORT_TYPES = {
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
# Operators of the file that no engine fuses with what comes before them.
PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def onnxruntime(file: Path, threads: int, inferences: int) -> Profile:
    """Returns what ONNX Runtime's profiler wrote of the graph that it made of the file."""
    import onnxruntime as ort

    with tempfile.TemporaryDirectory() as folder:
        plain = _ort_session(ort, file, threads)
        latency_ns = _plain(plain)
        options = ort.SessionOptions()
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        # Of a graph whose convolutions are laid out in blocks the file can still be written.
        options.optimized_model_filepath = str(Path(folder, "optimised.onnx"))
        session, infer = _ort_bound(ort, file, threads, options)
        for _ in range(WARM_UP_INFERENCES):
            infer()
        profiled_ns = _profiled(infer, inferences)
        events = json.loads(Path(session.end_profiling()).read_text())
        optimised = Path(folder, "optimised.onnx").read_bytes()
    return {
        "latency_ns": latency_ns,
        "profiled_ns": profiled_ns,
        "operators": _of_events(events, inferences, file.read_bytes(), optimised),
    }


def _ort_session(ort: Any, file: Path, threads: int) -> Callable[[], Any]:
    return _ort_bound(ort, file, threads, ort.SessionOptions())[1]


def _ort_bound(ort: Any, file: Path, threads: int, options: Any) -> tuple[Any, Callable[[], Any]]:
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    for source in session.get_inputs():
        array = filled(tuple(source.shape), ORT_TYPES.get(source.type, source.type))
        binding.bind_ortvalue_input(source.name, ort.OrtValue.ortvalue_from_numpy(array))
    for sink in session.get_outputs():
        binding.bind_output(sink.name)
    return session, lambda: session.run_with_iobinding(binding)


def _of_events(
    events: list[dict[str, Any]], inferences: int, before: bytes, after: bytes
) -> list[Operator]:
    """Returns the kernels of the last inferences, by the node of the rewritten graph that they execute."""
    suffix = "_kernel_time"
    times: dict[str, list[float]] = {}
    kinds: dict[str, str] = {}
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith(suffix):
            name = event["name"].removesuffix(suffix)
            times.setdefault(name, []).append(event["dur"] * 1e3)
            kinds[name] = event["args"]["op_name"]
    stands_for = rewritten(before, after)
    return [
        {
            "name": name,
            "kind": kinds[name],
            "nodes": stands_for.get(name, []),
            "ns": median(of_name[-inferences:]),
        }
        for name, of_name in times.items()
    ]


def rewritten(before: bytes, after: bytes) -> dict[str, list[str]]:
    """Returns by node of a rewritten graph the names of nodes of the file that it stands for, as far as they are known.

    A rewritten node whose output has a new name, as behind a change of layout, has a name that begins with that of a node
    of the file: it stands for that one and those before it, to the first product. Any other stands for those between what
    it reads and what it writes: from its outputs back, up to tensors that the rewritten graph still has.
    """
    import onnx

    old = onnx.load_model_from_string(before).graph
    new = onnx.load_model_from_string(after).graph
    made_by = {name: node for node in old.node for name in node.output}
    by_name = {node.name: node for node in old.node}
    kept = {name for node in new.node for name in node.output if name in made_by}
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
    # One without a name is in the profile under a name that is not in the file.
    for node in (node for node in new.node if node.name):
        name = node.name
        known[name] = [made_by[output] for output in node.output if output in made_by]
        if not known[name]:
            named = [by_name[start] for start in beginnings(name) if start in by_name]
            stands_for[name] = back_from(named[:1], to_product=True)
    for name, last in known.items():
        if last:
            stands_for[name] = back_from(last, to_product=False)
    return stands_for


def beginnings(name: str) -> list[str]:
    """Returns a name and its beginnings before each `_` and `/`, the longest first."""
    ends = [at for at, letter in enumerate(name) if letter in "_/"]
    return [name[:end] for end in [len(name), *reversed(ends)]]


def openvino(file: Path, threads: int, inferences: int) -> Profile:
    """Returns OpenVINO's counters per layer of the model that it compiled."""
    import onnx
    import openvino as ov

    # OpenVINO may name a node after what it gives.
    nodes = onnx.load(str(file)).graph.node
    given_by = {output: node.name for node in nodes for output in node.output}
    config = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
    }
    latency_ns = _plain(_ov_request(ov, file, config)[1].infer)
    compiled, request = _ov_request(ov, file, {**config, "PERF_COUNT": True})
    for _ in range(WARM_UP_INFERENCES):
        request.infer()
    times: dict[str, list[float]] = {}
    kinds: dict[str, str] = {}
    totals: list[float] = []
    for _ in range(inferences):
        start_ns = perf_counter_ns()
        request.infer()
        totals.append(perf_counter_ns() - start_ns)
        for one in request.get_profiling_info():
            if one.status == ov.ProfilingInfo.Status.EXECUTED:
                times.setdefault(one.node_name, []).append(one.real_time.total_seconds() * 1e9)
                kinds[one.node_name] = f"{one.node_type} {one.exec_type}"
    named = {
        node.get_friendly_name(): [given_by.get(name, name) for name in _ov_nodes(node)]
        for node in compiled.get_runtime_model().get_ops()
    }
    return {
        "latency_ns": latency_ns,
        "profiled_ns": median(totals),
        "operators": [
            {
                "name": name,
                "kind": kinds[name],
                "nodes": named.get(name, []),
                "ns": median(of_name),
            }
            for name, of_name in times.items()
        ],
    }


def _ov_request(ov: Any, file: Path, config: dict[str, Any]) -> tuple[Any, Any]:
    compiled = ov.Core().compile_model(str(file), "CPU", config)
    request = compiled.create_infer_request()
    for at in range(len(compiled.inputs)):
        data = request.get_input_tensor(at).data
        data[:] = filled(data.shape, data.dtype)
    return compiled, request


def _ov_nodes(node: Any) -> list[str]:
    info = node.get_rt_info()
    names = info["originalLayersNames"].astype(str) if "originalLayersNames" in info else ""
    return [name for name in names.split(",") if name]


def pytorch(file: Path, threads: int, inferences: int) -> Profile:
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
    times: dict[str, list[int]] = {}

    class Timed(fx.Interpreter):
        """Calls each layer with a clock around it."""

        def run_node(self, node: fx.Node) -> Any:
            if node.op in ("placeholder", "output", "get_attr"):
                return super().run_node(node)
            positional, named = self.fetch_args_kwargs_from_env(node)
            call = getattr(self, node.op)
            start_ns = perf_counter_ns()
            result = call(node.target, positional, named)
            times.setdefault(node.name, []).append(perf_counter_ns() - start_ns)
            return result

    interpreter = Timed(module)
    with torch.inference_mode():
        latency_ns = _plain(lambda: module(*batch))
        for _ in range(WARM_UP_INFERENCES):
            interpreter.run(*batch)
        times.clear()
        profiled_ns = _profiled(lambda: interpreter.run(*batch), inferences)
    stands_for = _of_calls(model, module)
    return {
        "latency_ns": latency_ns,
        "profiled_ns": profiled_ns,
        "operators": [
            {
                "name": name,
                "kind": " ".join(_call_kind(module, call) for call in calls),
                "nodes": stands_for[name],
                "ns": sum(median(times[call.name]) for call in calls),
            }
            for name, calls in _by_node(module).items()
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


def filled(shape: tuple[int, ...], dtype: Any) -> Any:
    """Returns standard normal numbers, or zeros of a type that holds no such numbers: indices that every table has."""
    import numpy as np

    kind = np.dtype(dtype)
    if np.issubdtype(kind, np.floating):
        return fidelity.images(shape).astype(kind)
    return np.zeros(shape, kind)


def _plain(infer: Callable[[], Any]) -> float:
    """Returns the median latency without a profiler, in nanoseconds."""
    timed(infer, WARM_UP_S, WARM_UP_INFERENCES)
    return median(timed(infer, SECONDS, TURN_INFERENCES))


def _profiled(infer: Callable[[], Any], inferences: int) -> float:
    """Returns the median latency of so many inferences, in nanoseconds."""
    times = []
    for _ in range(inferences):
        start_ns = perf_counter_ns()
        infer()
        times.append(perf_counter_ns() - start_ns)
    return median(times)


ENGINES: dict[str, Callable[[Path, int, int], Profile]] = {
    engine.__name__: engine for engine in (onnxruntime, openvino, pytorch)
}


def main() -> int:
    """Says the profile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("file", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--inferences", type=int, default=50)
    given = parser.parse_args()
    # What libraries print is not a reply.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    fidelity.end_with_parent()
    try:
        profile = ENGINES[given.engine]
        said = fidelity.within_limit(profile, given.file, given.threads, given.inferences)
    except ImportError as error:
        said = {"absent": f"{error}; run `make engines` and `make engines-pytorch`"}
    except Exception as error:
        traceback.print_exception(error)
        said = {"absent": str(error)}
    print(json.dumps(said), file=replies, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
