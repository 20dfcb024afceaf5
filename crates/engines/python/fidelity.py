"""Measures an ONNX file with an engine's own tool, apart from formbench and in turns.

    python fidelity.py TOOL FILE --threads 1

Once the model is loaded and warm, it says `"ready"`. Then each line on stdin is a number of
seconds: it measures for so long and says `{"latency_ns": 123456.0}`, the median of what it took.
Between turns it waits, and may be stopped. Where the tool cannot be used it says `{"absent": "why"}` and ends.

Tools: `openvino`, `onnxruntime` and `pytorch` are plain loops on their Python interfaces;
`benchmark_app` is OpenVINO's command, `tract` is tract's, if it is on the PATH: these two load the
file anew in each turn, and tract says a mean.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any, TextIO

# Returns the median latency, in nanoseconds, of inferences during so many seconds.
Turn = Callable[[float], float]

# Inferences and seconds that are not counted.
WARM_UP_INFERENCES = 10
WARM_UP_S = 0.5
# Inferences of a turn at least; formbench's turns have as many. The first one is not counted: it
# finds the other side's data in the caches.
TURN_INFERENCES = 4
# Loading, or a turn, that takes longer than so many seconds ends the process.
LIMIT_S = 300
# Of `prctl`: the signal for when the parent has ended.
PR_SET_PDEATHSIG = 1
# What brings tract's command: the release that formbench is linked with.
TRACT = "cargo install tract-cli@0.23.9 --no-default-features --features onnx,multithread-mm"


class Absent(Exception):
    """Why a tool cannot be used here, and what brings it."""


def benchmark_app(file: Path, threads: int) -> Turn:
    """Returns turns of OpenVINO's own command: one stream, `f32` throughout, sync interface.

    With a hint it takes threads from a configuration file only, and seconds whole.
    """
    tool = Path(sys.executable).with_name("benchmark_app")
    if not tool.exists():
        raise Absent(f"no `{tool}`; run `make engines`")
    options = "-d CPU -hint latency -api sync -infer_precision f32 -ip f32 -op f32"
    report = "-json_stats -report_type no_counters"

    def turn(seconds: float) -> float:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "config.json")
            config.write_text(json.dumps({"CPU": {"INFERENCE_NUM_THREADS": threads}}))
            limits = ["-t", f"{max(1, round(seconds))}", "-report_folder", folder]
            command = [tool, "-m", file, "-load_config", config, *options.split(), *report.split()]
            run([*command, *limits], {})
            stated = json.loads(Path(folder, "benchmark_report.json").read_text())
        return float(stated["execution_results"]["latency (ms)"]) * 1e6

    return turn


def openvino(file: Path, threads: int) -> Turn:
    """Returns turns of a loop that does what `benchmark_app` does, in a process that stays."""
    import openvino as ov

    config = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
    }
    request = ov.Core().compile_model(str(file), "CPU", config).create_infer_request()
    pixels = request.get_input_tensor().data
    pixels[:] = images(pixels.shape)
    return in_loop(request.infer)


def onnxruntime(file: Path, threads: int) -> Turn:
    """Returns turns of a loop on ONNX Runtime's session, all optimisations, its own waiting.

    Images and logits are bound: `run` on arrays spends a tenth of a millisecond around the call.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    source, sink = session.get_inputs()[0], session.get_outputs()[0]
    pixels = ort.OrtValue.ortvalue_from_numpy(images(tuple(source.shape)))
    binding.bind_ortvalue_input(source.name, pixels)
    binding.bind_output(sink.name)
    return in_loop(lambda: session.run_with_iobinding(binding))


def pytorch(file: Path, threads: int) -> Turn:
    """Returns turns of a loop on the layers that formbench makes of the file, eager."""
    os.environ.update(OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    import torch

    from formbench_pytorch import layers, onnx_file

    torch.set_num_threads(threads)
    model = onnx_file.read(file.read_bytes())
    module = layers.module(model)
    batch = torch.from_numpy(images(model.shapes[model.inputs[0]]))

    def infer() -> Any:
        with torch.inference_mode():
            return module(batch).numpy()

    return in_loop(infer)


def tract(file: Path, threads: int) -> Turn:
    """Returns turns of tract's own command, which says the mean latency of a run."""
    tool = shutil.which("tract")
    if tool is None:
        raise Absent(f"no command `tract` on the PATH; run `{TRACT}`")
    pool = ["--threads", str(threads)] if threads > 1 else []
    command = [tool, "--machine-friendly", *pool, "-O", file, "bench", "--allow-random-input"]
    warm_up = ["--warmup-time", f"{WARM_UP_S * 1000:.0f}"]

    def turn(seconds: float) -> float:
        limit = ["--max-time", f"{seconds * 1000:.0f}"]
        said = run([*command, *warm_up, *limit], {"RAYON_NUM_THREADS": str(threads)})
        stated = [line.split()[-1] for line in said.splitlines() if line.startswith("real:")]
        if not stated:
            raise Absent(f"tract says no latency: {said[-300:]}")
        return float(stated[0]) * 1e9

    return turn


def images(shape: tuple[int, ...]) -> Any:
    """Returns standard normal pixels."""
    import numpy as np

    return np.random.default_rng(7).standard_normal(shape, np.float32)


def in_loop(infer: Callable[[], Any]) -> Turn:
    """Returns turns of calls in this process, which are warm once this returns."""
    timed(infer, WARM_UP_S, WARM_UP_INFERENCES)
    return lambda seconds: median(timed(infer, seconds, TURN_INFERENCES)[1:])


def timed(infer: Callable[[], Any], seconds: float, least: int) -> list[int]:
    """Returns the nanoseconds of each call during so many seconds, and of so many at least."""
    samples_ns: list[int] = []
    end_ns = perf_counter_ns() + round(seconds * 1e9)
    while len(samples_ns) < least or perf_counter_ns() < end_ns:
        start_ns = perf_counter_ns()
        infer()
        samples_ns.append(perf_counter_ns() - start_ns)
    return samples_ns


def run(command: list[Any], variables: dict[str, str]) -> str:
    """Returns all that a command said, once it has ended well."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, env={**os.environ, **variables}, check=False, **said)
    if done.returncode:
        name = Path(command[0]).name
        raise Absent(f"{name} ended with {done.returncode}: {done.stdout[-300:]}")
    return done.stdout


TOOLS: dict[str, Callable[[Path, int], Turn]] = {
    tool.__name__: tool for tool in (benchmark_app, openvino, onnxruntime, pytorch, tract)
}


def serve(tool: str, file: Path, threads: int, replies: TextIO) -> None:
    """Answers each line with a turn, until there are no more lines or the tool fails."""
    try:
        turn = within_limit(TOOLS[tool], file, threads)
        say(replies, "ready")
        for line in sys.stdin:
            say(replies, {"latency_ns": within_limit(turn, float(line))})
    except ImportError as error:
        say(replies, {"absent": f"{error}; run `make engines` and `make engines-pytorch`"})
    except Exception as error:
        traceback.print_exception(error)
        say(replies, {"absent": str(error)})


def within_limit(call: Callable[..., Any], *arguments: Any) -> Any:
    """Returns what a call returns; if it takes too long, a signal ends this process.

    A thread that watches, as `faulthandler` starts one for each call, would share the processor.
    """
    signal.alarm(LIMIT_S)
    try:
        return call(*arguments)
    finally:
        signal.alarm(0)


def renew_limit() -> None:
    """Has the limit of a call, if it has one, count from now: each of its steps may take so long."""
    if signal.alarm(0):
        signal.alarm(LIMIT_S)


def say(replies: TextIO, reply: Any) -> None:
    """Writes one line."""
    print(json.dumps(reply), file=replies, flush=True)


def end_with_parent() -> None:
    """Has the kernel end this process when the one that started it ends, also while it is stopped (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Serves one tool; what its libraries print goes to stderr."""
    end_with_parent()
    parser = argparse.ArgumentParser(description="Measures an ONNX file with an engine's own tool.")
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve(asked.tool, asked.file, asked.threads, replies)


if __name__ == "__main__":
    main()
