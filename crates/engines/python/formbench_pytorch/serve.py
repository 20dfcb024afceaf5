"""Requests in, replies out, one JSON value per line; the first refusal ends the conversation."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from formbench_pytorch import block, failure, prepare, protocol, warm_up
from formbench_pytorch.loaded import Loaded
from formbench_pytorch.protocol import Refusal, Reply

# Each request that a loaded model answers: the name of the reply, and what makes it.
ANSWERS: dict[str, tuple[str, Callable[[Loaded, dict[str, Any]], dict[str, Any]]]] = {
    "warm_up": ("warmed_up", warm_up.warm_up),
    "block": ("block", block.take),
}


def prepared(
    model: bytearray, elements: list[bytearray], job: dict[str, Any], identity: dict[str, Any]
) -> tuple[Loaded | None, Reply]:
    """Returns the loaded model, or nothing, and the answer to the job."""
    try:
        buffers = prepare.buffers(elements, job)
        loaded, answer = prepare.prepare(bytes(model), buffers, job, identity)
    except Exception as error:
        return None, refused(error)
    # No collection interrupts an inference: nothing in the loop leaves cycles behind.
    gc.collect()
    gc.freeze()
    gc.disable()
    return loaded, {"prepared": answer}


def serve(loaded: Loaded, requests: BinaryIO, replies: BinaryIO) -> int:
    """Answers every request until the input ends or one is refused; returns an exit status."""
    for line in requests:
        try:
            name, request = protocol.request(line)
        except ValueError as error:
            print(f"error: expected a request: {error}", file=sys.stderr)
            return 1
        reply = answer(loaded, name, request)
        protocol.write(replies, reply)
        if "refused" in reply:
            break
    return 0


def answer(loaded: Loaded, name: str, request: dict[str, Any]) -> Reply:
    """Returns the reply to one request of a loaded model."""
    try:
        if name not in ANSWERS:
            known = ", ".join(f"`{known}`" for known in ANSWERS)
            raise Refusal("failed", f"pytorch: expected one of {known}, got `{name}`")
        kind, take = ANSWERS[name]
        return {kind: take(loaded, request)}
    except Exception as error:
        return refused(error)


def refused(error: Exception) -> Reply:
    """Returns the reply to a request that an error ended; its traceback goes to stderr."""
    traceback.print_exception(error)
    return failure.refusal(error).reply()
