"""Measures an ONNX file with an engine's own tool, apart from formbench: one JSON line comes back.

    python fidelity.py TOOL FILE --threads 1 --seconds 5

Tools: `benchmark_app` is OpenVINO's; `onnxruntime` and `pytorch` are plain loops on their Python
interfaces; `tract` is the command of that name, if it is on the PATH, and says a mean. The line has
`latency_ns` and `inferences` (`null` where the tool does not say), or `absent` with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

Result = dict[str, Any]

# Inferences and seconds that are not counted.
WARM_UP_INFERENCES = 10
WARM_UP_S = 0.5
# As formbench starts PyTorch: threads that wait are asleep.
OPENMP = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}


def benchmark_app(file: Path, threads: int, seconds: float) -> Result:
    """Returns OpenVINO's own median: one stream, `f32` from input to output, sync interface.

    With a hint it takes threads from a configuration file only.
    """
    tool = Path(sys.executable).with_name("benchmark_app")
    if not tool.exists():
        return {"absent": f"no `{tool}`; run `make engines`"}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.json")
        config.write_text(json.dumps({"CPU": {"INFERENCE_NUM_THREADS": threads}}))
        options = (
            f"-d CPU -hint latency -api sync -infer_precision f32 -ip f32 -op f32 -t {seconds:.0f}"
        )
        report = f"-json_stats -report_type no_counters -report_folder {folder}"
        command = [tool, "-m", file, "-load_config", config, *options.split(), *report.split()]
        done = run(command, {})
        if done.returncode:
            return {"absent": f"benchmark_app ended with {done.returncode}: {done.stdout[-300:]}"}
        stated = json.loads(Path(folder, "benchmark_report.json").read_text())
    results = stated["execution_results"]
    latency_ns = round(float(results["latency (ms)"]) * 1e6)
    return {"latency_ns": latency_ns, "inferences": int(results["total number of iterations"])}


def onnxruntime(file: Path, threads: int, seconds: float) -> Result:
    """Returns the median of a loop on ONNX Runtime's session, all optimisations, no spinning."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    feed = {name: images(tuple(session.get_inputs()[0].shape))}
    return loop(lambda: session.run(None, feed), seconds)


def pytorch(file: Path, threads: int, seconds: float) -> Result:
    """Returns the median of a loop on the layers that formbench makes of the file, eager."""
    os.environ.update(OPENMP, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
    import torch

    from formbench_pytorch import layers, onnx_file

    torch.set_num_threads(threads)
    model = onnx_file.read(file.read_bytes())
    module = layers.module(model)
    batch = torch.from_numpy(images(model.shapes[model.input]))
    with torch.inference_mode():
        return loop(lambda: module(batch).numpy(), seconds)


def tract(file: Path, threads: int, seconds: float) -> Result:
    """Returns the mean that tract's own command states."""
    tool = shutil.which("tract")
    if tool is None:
        return {"absent": "no command `tract` on the PATH"}
    limits = ["--warmup-time", f"{WARM_UP_S * 1000:.0f}", "--max-time", f"{seconds * 1000:.0f}"]
    pool = ["--threads", str(threads)] if threads > 1 else []
    command = [tool, "--machine-friendly", *pool, "-O", file, "bench", *limits]
    done = run(command, {"RAYON_NUM_THREADS": str(threads)})
    stated = [line.split()[-1] for line in done.stdout.splitlines() if line.startswith("real:")]
    if done.returncode or not stated:
        return {"absent": f"tract ended with {done.returncode}: {done.stdout[-300:]}"}
    latency_s = float(stated[0])
    return {"latency_ns": round(latency_s * 1e9), "inferences": None}


def images(shape: tuple[int, ...]) -> Any:
    """Returns standard normal pixels."""
    import numpy as np

    return np.random.default_rng(7).standard_normal(shape, np.float32)


def loop(infer: Callable[[], Any], seconds: float) -> Result:
    """Returns the median latency of calls during so many seconds, after a warm-up."""
    timed(infer, WARM_UP_S, WARM_UP_INFERENCES)
    samples_ns = timed(infer, seconds, 1)
    return {"latency_ns": round(median(samples_ns)), "inferences": len(samples_ns)}


def timed(infer: Callable[[], Any], seconds: float, least: int) -> list[int]:
    """Returns the nanoseconds of each call during so many seconds, and of so many at least."""
    samples_ns: list[int] = []
    end_ns = perf_counter_ns() + round(seconds * 1e9)
    while len(samples_ns) < least or perf_counter_ns() < end_ns:
        start_ns = perf_counter_ns()
        infer()
        samples_ns.append(perf_counter_ns() - start_ns)
    return samples_ns


def run(command: list[Any], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Returns how a command ended and all that it said."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, env={**os.environ, **variables}, check=False, **said)


TOOLS = {tool.__name__: tool for tool in (benchmark_app, onnxruntime, pytorch, tract)}


def main() -> None:
    """Prints one tool's result."""
    parser = argparse.ArgumentParser(description="Measures an ONNX file with an engine's own tool.")
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    try:
        result = TOOLS[asked.tool](asked.file, asked.threads, asked.seconds)
    except ImportError as error:
        result = {"absent": f"{error}; run `make engines` and `make engines-pytorch`"}
    print(json.dumps({"tool": asked.tool, "threads": asked.threads, **result}))


if __name__ == "__main__":
    main()
