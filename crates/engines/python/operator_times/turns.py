"""Inferences with a profiler and without it, in turns."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean
from typing import Any

from fidelity import TURN_INFERENCES, images, renew_limit, timed

Infer = Callable[[], Any]
Profile = dict[str, Any]
# Inferences that are not counted.
WARM_UP_INFERENCES = 3
# How long inferences without a profiler are measured, and those with it, which write megabytes of events.
SECONDS = 1.0
PROFILED_SECONDS = 0.25


def in_turns(
    plain: Infer, profiled: Infer, inferences: int, once_warm: Callable[[], None] = lambda: None
) -> tuple[list[int], list[int]]:
    """Returns the nanoseconds of inferences without and with a profiler, so many at least, which took turns.

    `once_warm` is called behind the warm-up, which is as many inferences with the profiler as `WARM_UP_INFERENCES`
    says: what is returned comes after it.
    """
    for infer in (plain, profiled):
        timed(infer, 0.0, WARM_UP_INFERENCES)
    once_warm()
    turns = max(1, -(-inferences // TURN_INFERENCES))
    plain_ns: list[int] = []
    profiled_ns: list[int] = []
    for _ in range(turns):
        # A model of seconds takes longer over all turns than any fixed limit.
        renew_limit()
        plain_ns += timed(plain, SECONDS / turns, TURN_INFERENCES)
        profiled_ns += timed(profiled, PROFILED_SECONDS / turns, TURN_INFERENCES)
    return plain_ns, profiled_ns


def middle(took_ns: list[int]) -> list[int]:
    """Returns the positions of the middle half of inferences by what they took."""
    order = sorted(range(len(took_ns)), key=took_ns.__getitem__)
    quarter = len(order) // 4
    return order[quarter : len(order) - quarter]


def mean_at(took_ns: list[int], positions: list[int]) -> float:
    """Returns the mean of what some inferences took, in nanoseconds."""
    return fmean(took_ns[at] for at in positions)


def filled(shape: tuple[int, ...], dtype: Any) -> Any:
    """Returns standard normal numbers, or zeros of a type that holds no such numbers: indices that every table has."""
    import numpy as np

    kind = np.dtype(dtype)
    if np.issubdtype(kind, np.floating):
        return images(shape).astype(kind)
    return np.zeros(shape, kind)


def with_names(nodes: Any) -> Any:
    """Returns a graph's nodes; one without a name has that of its kind and place, as formbench names it."""
    for at, node in enumerate(nodes):
        node.name = node.name or f"{node.op_type}_{at}"
    return nodes
