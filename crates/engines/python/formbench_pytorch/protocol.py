"""What crosses the pipe, as `crates/protocol` states it: one JSON value per line."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

Request = tuple[str, dict[str, Any]]
Reply = dict[str, Any]

CLASSES = 1000


class Refusal(Exception):
    """A reason why a cell has no samples, or no more of them."""

    def __init__(self, kind: str, reason: str, remedy: str | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.remedy = remedy

    def reply(self) -> Reply:
        """Returns the refusal as it crosses the pipe."""
        return {"refused": {"kind": self.kind, "reason": self.reason, "remedy": self.remedy}}


def request(line: bytes) -> Request:
    """Returns the name of a request and what it holds; raises `ValueError` if it is none."""
    value = json.loads(line)
    if isinstance(value, str):
        return value, {}
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"expected a request, got `{line!r}`")
    return next(iter(value.items()))


def write(replies: BinaryIO, reply: Reply) -> None:
    """Writes a reply as one line; raises `ValueError` if a number in it is not finite."""
    replies.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
    replies.flush()
