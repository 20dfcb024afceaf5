"""Whether logits are those that the same images gave before, as `crates/statistics` decides it."""

from __future__ import annotations

import numpy as np

from formbench_pytorch.protocol import Refusal

RELATIVE = 1e-3
ABSOLUTE_OF_SCALE = 1e-4


def check_finite(outputs: list[np.ndarray], logits: int | None) -> None:
    """Raises a refusal unless there are so many numbers, or some at all, all of them finite."""
    found = sum(output.size for output in outputs)
    if not found or found != (logits or found):
        raise Refusal("disagrees", f"{found} logits, expected {logits or 'some'}")
    for place, output in enumerate(outputs):
        wrong = np.flatnonzero(~np.isfinite(output))
        if wrong.size:
            at = int(wrong[0])
            of = f" of output {place}" if len(outputs) > 1 else ""
            reason = f"the logit at index {at}{of} is `{output[at]}`, expected a number"
            raise Refusal("disagrees", reason)


def check_unchanged(expected: np.ndarray, got: np.ndarray) -> None:
    """Raises a refusal if `got` is further from `expected` than the tolerance allows, or, of whole numbers, differs."""
    if got.size != expected.size:
        changed(f": {got.size} values, expected {expected.size}")
    if not np.issubdtype(expected.dtype, np.floating):
        if not np.array_equal(expected, got):
            changed(" in whole numbers")
        return
    wrong = np.flatnonzero(~np.isfinite(got))
    if wrong.size:
        changed(f": value {wrong[0]} is `{got[wrong[0]]}`, not finite")
    magnitude = np.abs(expected.astype(np.float64))
    allowed = RELATIVE * magnitude + ABSOLUTE_OF_SCALE * magnitude.max(initial=0.0)
    difference = np.abs(expected.astype(np.float64) - got)
    excess = difference - allowed
    if excess.size and excess.max() > 0.0:
        at = int(excess.argmax())
        off, most = scientific(difference[at]), scientific(allowed[at])
        changed(f" by {off} at index {at}, allowed {most}")


def scientific(value: float) -> str:
    """Returns a number as Rust's `{:.1e}` writes it: `3.1e-2`."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def changed(how: str) -> None:
    """Raises the refusal of outputs that are not what they were."""
    raise Refusal("disagrees", f"logits changed while timing{how}")
