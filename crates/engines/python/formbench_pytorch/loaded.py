"""A prepared model with its inputs, and what its outputs were when they were first seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from formbench_pytorch import agreement, inputs, timing
from formbench_pytorch.protocol import Refusal

Arrays = list[np.ndarray]
Infer = Callable[[Arrays], Arrays]


class Loaded:
    """A model that takes its buffers in turn, so that it cannot answer from the last call."""

    def __init__(self, infer: Infer, buffers: list[Arrays]) -> None:
        self._infer = infer
        self._buffers = buffers
        self._expected: list[Arrays | None] = [None] * len(buffers)
        self._turn = len(buffers) - 1
        self.last: Arrays = []

    def first_answers(self, logits: int | None) -> tuple[list[dict[str, Any]], int]:
        """Returns each output of every buffer in row order, and the first inference's nanoseconds.

        Raises a refusal if they are not as many numbers as there are logits (some, if no number is
        given), or not finite.
        """
        first_inference_ns = self.infer()
        answers = [self.last]
        for _ in self._buffers[1:]:
            self.infer()
            answers.append(self.last)
        if len({len(answer) for answer in answers}) > 1:
            raise Refusal("disagrees", "the number of outputs depends on the inputs")
        outputs = [np.concatenate([one.ravel() for one in of]) for of in zip(*answers, strict=True)]
        agreement.check_finite(outputs, logits)
        shapes = [list(one.shape) for one in answers[0]]
        return [
            {"shape": shape, "element_type": inputs.kind(output.dtype.str), "values": values(output)}
            for shape, output in zip(shapes, outputs, strict=True)
        ], first_inference_ns

    def infer(self) -> int:
        """Returns the latency of one inference on the next buffer, in nanoseconds."""
        self._turn = (self._turn + 1) % len(self._buffers)
        self.last, latency_ns = timing.inference(self._infer, self._buffers[self._turn])
        if self._expected[self._turn] is None:
            self._expected[self._turn] = [output.copy() for output in self.last]
        return latency_ns

    def check_last(self) -> None:
        """Raises a refusal unless the last outputs are those that the same inputs gave at first."""
        expected = self._expected[self._turn]
        if expected is None:
            return
        if len(expected) != len(self.last):
            agreement.changed(" in number")
        for before, now in zip(expected, self.last, strict=True):
            agreement.check_unchanged(before.ravel(), now.ravel())


def values(output: np.ndarray) -> dict[str, list[float]] | dict[str, list[int]]:
    """Returns numbers as they cross the pipe: floats in single precision, others whole."""
    if np.issubdtype(output.dtype, np.floating):
        return {"floats": output.astype(np.float32).tolist()}
    return {"whole": output.astype(np.int64).tolist()}
