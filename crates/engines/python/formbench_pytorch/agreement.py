"""Whether logits are those that the same images gave before, as `crates/statistics` decides it."""

from __future__ import annotations

import numpy as np

from formbench_pytorch.protocol import Refusal

RELATIVE = 1e-3
ABSOLUTE_OF_SCALE = 1e-4


def check_finite(logits: np.ndarray, images: int, classes: int | None) -> None:
    """Raises a refusal unless there are logits for so many images, all of them finite.

    Without a number of classes, each image has as many as the others.
    """
    if classes is None:
        are_all = logits.size > 0 and logits.size % images == 0
        expected = f"as many for each of {images} images"
    else:
        are_all = logits.size == images * classes
        expected = str(images * classes)
    if not are_all:
        raise Refusal("disagrees", f"{logits.size} logits, expected {expected}")
    wrong = np.flatnonzero(~np.isfinite(logits))
    if wrong.size:
        at = int(wrong[0])
        reason = f"the logit at index {at} is `{logits[at]}`, expected a number"
        raise Refusal("disagrees", reason)


def check_unchanged(expected: np.ndarray, got: np.ndarray) -> None:
    """Raises a refusal if `got` is further from `expected` than the tolerance allows."""
    if got.size != expected.size:
        _changed(f": {got.size} values, expected {expected.size}")
    wrong = np.flatnonzero(~np.isfinite(got))
    if wrong.size:
        _changed(f": value {wrong[0]} is `{got[wrong[0]]}`, not finite")
    magnitude = np.abs(expected.astype(np.float64))
    allowed = RELATIVE * magnitude + ABSOLUTE_OF_SCALE * magnitude.max(initial=0.0)
    difference = np.abs(expected.astype(np.float64) - got)
    excess = difference - allowed
    if excess.size and excess.max() > 0.0:
        at = int(excess.argmax())
        off, most = scientific(difference[at]), scientific(allowed[at])
        _changed(f" by {off} at index {at}, allowed {most}")


def scientific(value: float) -> str:
    """Returns a number as Rust's `{:.1e}` writes it: `3.1e-2`."""
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _changed(how: str) -> None:
    raise Refusal("disagrees", f"logits changed while timing{how}")
