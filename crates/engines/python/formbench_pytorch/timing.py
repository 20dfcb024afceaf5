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
    infer: Callable[[list[np.ndarray]], list[np.ndarray]], inputs: list[np.ndarray]
) -> tuple[list[np.ndarray], int]:
    """Returns the outputs of one inference, readable on the host, and its latency in ns."""
    start_ns = perf_counter_ns()
    outputs = infer(inputs)
    end_ns = perf_counter_ns()
    return outputs, end_ns - start_ns
