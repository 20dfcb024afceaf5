"""Times an ONNX file operator by operator, with what each engine has for it.

    python operators.py ENGINE FILE --threads 1 --inferences 50 --graph-optimization all

Inferences with the profiler and without it take turns. Says one JSON value: `latency_ns`, what one takes without
the profiler; `profiled_ns`, with it; `accounted_ns`, what the operators and the time between them add up to,
measured apart from the whole; and `operators` in the order they run, each with its `name`, its `kind` in the
engine's words, the `nodes` of the file that it stands for, and `ns`. With and without the profiler the middle half
of the inferences by what they took counts, and times are means over it; OpenVINO's operators, over all, scaled to
the middle half. What an engine adds of its own, such as a change of a tensor's layout, stands for no node. Where
the engine cannot be profiled it says `{"absent": "why"}`.

Engines: `onnxruntime` by its own profiler, at a level of its graph optimisation, `openvino` by its counters per layer, `pytorch` by a clock around each
call of the layers that formbench makes of the file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import fidelity
from operator_times import onnxruntime, openvino, pytorch
from operator_times.turns import Profile

ENGINES: dict[str, Callable[..., Profile]] = {
    "onnxruntime": onnxruntime.profile,
    "openvino": openvino.profile,
    "pytorch": pytorch.profile,
}


def main() -> int:
    """Says the profile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("file", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--inferences", type=int, default=50)
    parser.add_argument("--graph-optimization", choices=onnxruntime.LEVELS)
    given = parser.parse_args()
    if given.graph_optimization and given.engine != "onnxruntime":
        parser.error("--graph-optimization is of onnxruntime alone")
    # What libraries print is not a reply.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    fidelity.end_with_parent()
    try:
        level = [given.graph_optimization] if given.graph_optimization else []
        asked = [given.file, given.threads, given.inferences, *level]
        said = fidelity.within_limit(ENGINES[given.engine], *asked)
    except ImportError as error:
        said = {"absent": f"{error}; run `make engines` and `make engines-pytorch`"}
    except Exception as error:
        traceback.print_exception(error)
        said = {"absent": str(error)}
    print(json.dumps(said), file=replies, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
