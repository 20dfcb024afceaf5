"""The worker's beginning: what it was started with, and whether the packages are there at all."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import traceback
from pathlib import Path

from formbench_pytorch import failure, inputs, protocol

PACKAGES = ("numpy", "torch", "onnx")


def main(arguments: list[str]) -> int:
    """Answers the job and every request after it until the input ends; returns an exit status."""
    folder, job, identity, replies = arguments
    job, identity = json.loads(job), json.loads(identity)
    with os.fdopen(int(replies), "wb") as pipe:
        try:
            names = ("model.onnx", *inputs.files(job))
            model, *elements = (taken(Path(folder, name)) for name in names)
            for package in PACKAGES:
                check(package)
            from formbench_pytorch import serve
        except Exception as error:
            traceback.print_exception(error)
            protocol.write(pipe, failure.refusal(error).reply())
            return 0
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        loaded, reply = serve.prepared(model, elements, job, identity)
        protocol.write(pipe, reply)
        return 0 if loaded is None else serve.serve(loaded, sys.stdin.buffer, pipe)


def taken(path: Path) -> bytearray:
    """Returns a file's bytes and deletes it: a library that crashes leaves nothing large behind."""
    data = bytearray(path.read_bytes())
    path.unlink()
    return data


def check(package: str) -> None:
    """Raises a refusal if a package cannot be imported."""
    try:
        importlib.import_module(package)
    except Exception as error:
        raise failure.missing(package, error) from error
