"""What went wrong inside PyTorch, as a refusal: one line, its kind, its remedy."""

from __future__ import annotations

from formbench_pytorch.protocol import Refusal

# What allocators say: torch's on the processor, oneDNN's, C++'s, and the loader of libraries.
OUT_OF_MEMORY = (
    "can't allocate memory",
    "cannot allocate memory",
    "out of memory",
    "bad_alloc",
    "failed to map segment from shared object",
)
INSTALL = "run `make engines-pytorch`"
# Longest reason that is told, in characters.
LONGEST = 300


def refusal(error: BaseException, kind: str = "failed", remedy: str | None = None) -> Refusal:
    """Returns the refusal of an error: itself, out of memory, or of that kind with that remedy."""
    if isinstance(error, Refusal):
        return error
    if is_out_of_memory(error):
        reason = f"pytorch: out of memory: {told(error)}"
        return Refusal("out-of-memory", reason, "take a smaller batch or resolution")
    return Refusal(kind, f"pytorch: {told(error)}", remedy)


def missing(package: str, error: BaseException) -> Refusal:
    """Returns the refusal of a package that cannot be imported."""
    if is_out_of_memory(error):
        return refusal(error)
    reason = f"pytorch: cannot import {package}: {told(error)}"
    remedy = f"delete the environment `.engines` and {INSTALL}"
    return Refusal("unavailable", reason, remedy)


def is_out_of_memory(error: BaseException) -> bool:
    """Says whether an error, or one that it comes from, is an allocator's."""
    cause: BaseException | None = error
    while cause is not None:
        text = str(cause).lower()
        if isinstance(cause, MemoryError) or any(said in text for said in OUT_OF_MEMORY):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def told(error: BaseException) -> str:
    """Returns the first line of what an error says, or its name if it says nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
