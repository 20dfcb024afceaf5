"""From a folder's files to a loaded model and its first answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from formbench_pytorch import timing
from formbench_pytorch.loaded import Loaded
from formbench_pytorch.protocol import CLASSES, Refusal
from formbench_pytorch.session import Session


def buffers(images: list[bytearray], job: dict[str, Any]) -> list[np.ndarray]:
    """Returns the image buffers, `[batch, 3, side, side]` each, on the files' own bytes."""
    given = job["input"]["images"]
    batch, side = given["batch"], given["resolution"]
    shape = (batch, 3, side, side)
    return [np.frombuffer(data, dtype="<f4").reshape(shape) for data in images]


def prepare(
    model: bytes, buffers: list[np.ndarray], job: dict[str, Any], identity: dict[str, Any]
) -> tuple[Loaded, dict[str, Any]]:
    """Returns the loaded model and its answer to the job.

    Loading is from the file's bytes to a module that is ready for its first inference; importing
    torch is not part of it, compiling is part of the first inference.
    """
    set_threads(job["threads"])
    mode = job.get("options", {}).get("mode", "eager")
    session, load_ns = timing.load(lambda: Session(model, mode))
    loaded = Loaded(session.infer, buffers)
    logits, first_inference_ns = loaded.first_answers(classes(job))
    answer = {
        "identity": identity,
        "precision": "f32",
        "load_ns": load_ns,
        "first_inference_ns": first_inference_ns,
        "logits": logits,
    }
    return loaded, answer


def classes(job: dict[str, Any]) -> int | None:
    """Returns how many classes the logits have; a model from a file has as many as it likes."""
    return None if "file" in job.get("architecture", {}) else CLASSES


def set_threads(threads: int) -> None:
    """Gives torch's pools so many threads; raises a refusal if it takes others."""
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    got = torch.get_num_threads()
    if got != threads:
        raise Refusal("failed", f"pytorch: computes on {got} threads, asked for {threads}")
