"""The other side's script from outside: seconds on stdin, medians on stdout."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

import fidelity

HERE = Path(__file__).parent
TINY = HERE.parent / "tests/data/tiny.onnx"


def replies(tool: str, file: Path, lines: str) -> list[Any]:
    """Returns what the script says when it is given lines."""
    command = [sys.executable, "-B", HERE / "fidelity.py", tool, file]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Script(unittest.TestCase):
    """The script as a whole."""

    def test_each_line_is_answered_with_a_latency(self) -> None:
        for tool in ("openvino", "onnxruntime"):
            ready, *turns = replies(tool, TINY, "0.01\n0.02\n")
            self.assertEqual(ready, "ready", tool)
            self.assertEqual([list(turn) for turn in turns], [["latency_ns"]] * 2, tool)
            self.assertTrue(all(turn["latency_ns"] > 0 for turn in turns), turns)

    def test_a_tool_that_fails_says_why_and_ends(self) -> None:
        said = replies("onnxruntime", Path("nowhere.onnx"), "0.01\n")
        self.assertEqual(len(said), 1)
        self.assertIn("nowhere.onnx", said[0]["absent"])


class Parts(unittest.TestCase):
    """What its turns are made of."""

    def test_a_turn_has_three_calls_after_one_that_is_not_counted(self) -> None:
        calls = []
        turn = fidelity.in_loop(lambda: calls.append(None))
        calls.clear()
        turn(0.0)
        self.assertEqual(len(calls), 4)

    def test_a_limit_is_renewed_where_there_is_one(self) -> None:
        fidelity.renew_limit()
        self.assertEqual(signal.alarm(0), 0)
        signal.alarm(1)
        fidelity.renew_limit()
        self.assertGreater(signal.alarm(0), 1)

    def test_a_command_that_fails_is_quoted(self) -> None:
        command = [sys.executable, "-c", "print('no such model'); raise SystemExit(3)"]
        with self.assertRaisesRegex(fidelity.Absent, "ended with 3: no such model"):
            fidelity.run(command, {})


if __name__ == "__main__":
    unittest.main()
