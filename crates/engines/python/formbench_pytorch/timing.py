"""Where the clock starts and stops: nowhere else is a latency read."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def now_ns() -> int:
    """Returns the host's monotonic time, in nanoseconds."""
    return perf_counter_ns()


def load(prepare: Callable[[], T]) -> tuple[T, int]:
    """Returns what was loaded and the nanoseconds that loading took."""
    start_ns = perf_counter_ns()
    loaded = prepare()
    return loaded, perf_counter_ns() - start_ns


def inference(
    infer: Callable[[np.ndarray], np.ndarray], images: np.ndarray
) -> tuple[np.ndarray, int]:
    """Returns the logits of one inference, readable on the host, and its latency in ns."""
    start_ns = perf_counter_ns()
    logits = infer(images)
    end_ns = perf_counter_ns()
    return logits, end_ns - start_ns
