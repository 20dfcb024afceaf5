"""Consecutive inferences of a warm model, with the processor time they took."""

from __future__ import annotations

from typing import Any

from formbench_pytorch import process, timing
from formbench_pytorch.loaded import Loaded


def take(loaded: Loaded, request: dict[str, int]) -> dict[str, Any]:
    """Returns one block of consecutive inferences, its last logits checked."""
    samples_ns: list[int] = []
    cpu_start_ns = process.cpu_ns()
    start_ns = timing.now_ns()
    wall_ns = 0
    while not is_full(request, len(samples_ns), wall_ns):
        samples_ns.append(loaded.infer())
        wall_ns = timing.now_ns() - start_ns
    cpu_ns = process.cpu_ns() - cpu_start_ns
    loaded.check_last()
    return {
        "samples_ns": samples_ns,
        "wall_ns": wall_ns,
        "cpu_ns": cpu_ns,
        "peak_rss_bytes": process.peak_rss_bytes(),
    }


def is_full(request: dict[str, int], inferences: int, wall_ns: int) -> bool:
    """Says whether a block ends here: both minima are met, or the maximum is."""
    enough = inferences >= request["min_inferences"] and wall_ns >= request["min_ns"]
    return inferences > 0 and (enough or inferences >= request["max_inferences"])
