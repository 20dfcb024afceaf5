"""What an inference is given, as the job describes it; nothing here needs a package."""

from __future__ import annotations

from typing import Any

# Sets of inputs that inferences take in turn.
BUFFERS = 2

# NumPy's words for element types, low byte first.
DTYPES = {
    "f16": "<f2",
    "f32": "<f4",
    "f64": "<f8",
    "i8": "|i1",
    "i16": "<i2",
    "i32": "<i4",
    "i64": "<i8",
    "u8": "|u1",
    "u16": "<u2",
    "u32": "<u4",
    "u64": "<u8",
    "bool": "|b1",
}


def kind(dtype: str) -> str:
    """Returns the name of an element type that NumPy calls so."""
    return next(name for name, known in DTYPES.items() if known == dtype)


def described(job: dict[str, Any]) -> list[tuple[tuple[int, ...], str]]:
    """Returns shape and element type of each input, in the model's order."""
    given = job["input"]
    if "images" in given:
        batch, side = given["images"]["batch"], given["images"]["resolution"]
        return [((batch, 3, side, side), "f32")]
    tensors = given["tensors"]["tensors"]
    return [(tuple(tensor["shape"]), tensor["element_type"]) for tensor in tensors]


def files(job: dict[str, Any]) -> list[str]:
    """Returns the names of the files with the elements: all inputs of one buffer, then those of the next."""
    count = len(described(job))
    return [f"input-{variant}-{at}" for variant in range(BUFFERS) for at in range(count)]
