"""A prepared model with its images, and what its logits were when they were first seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formbench_pytorch import agreement, timing

Infer = Callable[[np.ndarray], np.ndarray]


class Loaded:
    """A model that takes its image buffers in turn, so that it cannot answer from the last call."""

    def __init__(self, infer: Infer, buffers: list[np.ndarray]) -> None:
        self._infer = infer
        self._buffers = buffers
        self._expected: list[np.ndarray | None] = [None] * len(buffers)
        self._turn = len(buffers) - 1
        self.last = np.empty(0, np.float32)

    def first_answers(self, classes: int | None) -> tuple[list[float], int]:
        """Returns the logits of every buffer in row order, and the first inference's nanoseconds.

        Raises a refusal if they are not as many as there are classes (any, if no number is given)
        and images, or not finite.
        """
        first_inference_ns = self.infer()
        answers = [self.last]
        for _ in self._buffers[1:]:
            self.infer()
            answers.append(self.last)
        logits = np.concatenate([answer.ravel() for answer in answers])
        agreement.check_finite(logits, sum(len(buffer) for buffer in self._buffers), classes)
        return logits.tolist(), first_inference_ns

    def infer(self) -> int:
        """Returns the latency of one inference on the next buffer, in nanoseconds."""
        self._turn = (self._turn + 1) % len(self._buffers)
        self.last, latency_ns = timing.inference(self._infer, self._buffers[self._turn])
        if self._expected[self._turn] is None:
            self._expected[self._turn] = self.last.copy()
        return latency_ns

    def check_last(self) -> None:
        """Raises a refusal unless the last logits are those that the same images gave at first."""
        expected = self._expected[self._turn]
        if expected is not None:
            agreement.check_unchanged(expected.ravel(), self.last.ravel())
