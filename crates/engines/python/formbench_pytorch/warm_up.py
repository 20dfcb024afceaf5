"""Untimed inferences until latency is steady."""

from __future__ import annotations

from statistics import median
from typing import Any

from formbench_pytorch import timing
from formbench_pytorch.loaded import Loaded

# Block medians that must agree.
STEADY_BLOCKS = 5
# Parts that the least warm-up time is cut into.
BLOCKS_PER_MINIMUM = 10
MOST_INFERENCES_PER_BLOCK = 1000


def warm_up(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    """Returns how the warm-up went, its last logits checked."""
    start_ns = timing.now_ns()
    medians: list[float] = []
    inferences = 0
    while True:
        latencies_ns = _block(loaded, request["min_ns"] // BLOCKS_PER_MINIMUM)
        inferences += len(latencies_ns)
        medians.append(median(latencies_ns))
        wall_ns = timing.now_ns() - start_ns
        stable = is_steady(medians, request["stable_within"])
        met = inferences >= request["min_inferences"] and wall_ns >= request["min_ns"]
        if wall_ns >= request["cap_ns"] or (stable and met):
            loaded.check_last()
            return {"inferences": inferences, "wall_ns": wall_ns, "stable": stable}


def is_steady(medians: list[float], within: float) -> bool:
    """Says whether the last medians' range is within `within` of their middle."""
    if len(medians) < STEADY_BLOCKS:
        return False
    low, high = min(medians[-STEADY_BLOCKS:]), max(medians[-STEADY_BLOCKS:])
    return high - low <= within * (low + high) / 2


def _block(loaded: Loaded, min_ns: int) -> list[int]:
    start_ns = timing.now_ns()
    latencies_ns = [loaded.infer()]
    while timing.now_ns() - start_ns < min_ns and len(latencies_ns) < MOST_INFERENCES_PER_BLOCK:
        latencies_ns.append(loaded.infer())
    return latencies_ns
