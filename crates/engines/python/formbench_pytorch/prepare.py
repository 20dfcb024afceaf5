"""From a folder's files to a loaded model and its first answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from formbench_pytorch import inputs, timing
from formbench_pytorch.loaded import Loaded
from formbench_pytorch.protocol import CLASSES, Refusal
from formbench_pytorch.session import Session


def buffers(elements: list[bytearray], job: dict[str, Any]) -> list[list[np.ndarray]]:
    """Returns the inputs of each buffer, in the model's order, on the files' own bytes."""
    given = inputs.described(job)
    arrays = [
        np.frombuffer(data, dtype=inputs.DTYPES[kind]).reshape(shape)
        for data, (shape, kind) in zip(elements, given * inputs.BUFFERS, strict=True)
    ]
    count = len(given)
    return [arrays[at : at + count] for at in range(0, len(arrays), count)]


def prepare(
    model: bytes, buffers: list[list[np.ndarray]], job: dict[str, Any], identity: dict[str, Any]
) -> tuple[Loaded, dict[str, Any]]:
    """Returns the loaded model and its answer to the job.

    Loading is from the file's bytes to a module that is ready for its first inference; importing
    torch is not part of it, compiling is part of the first inference.
    """
    set_threads(job["threads"])
    mode = job.get("options", {}).get("mode", "eager")
    session, load_ns = timing.load(lambda: Session(model, mode))
    loaded = Loaded(session.infer, buffers)
    outputs, first_inference_ns = loaded.first_answers(logits(job))
    answer = {
        "identity": identity,
        "precision": "f32",
        "load_ns": load_ns,
        "first_inference_ns": first_inference_ns,
        "outputs": outputs,
    }
    return loaded, answer


def logits(job: dict[str, Any]) -> int | None:
    """Returns how many logits all buffers give; a model from a file gives whatever it likes."""
    if "file" in job.get("architecture", {}):
        return None
    return inputs.BUFFERS * job["input"]["images"]["batch"] * CLASSES


def set_threads(threads: int) -> None:
    """Gives torch's pools so many threads; raises a refusal if it takes others."""
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    got = torch.get_num_threads()
    if got != threads:
        raise Refusal("failed", f"pytorch: computes on {got} threads, asked for {threads}")
