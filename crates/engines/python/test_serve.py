"""The worker from outside: a small model in a folder, requests on stdin, replies apart."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np

from formbench_pytorch import agreement, block, failure, protocol, warm_up
from formbench_pytorch.loaded import Loaded
from formbench_pytorch.protocol import Refusal
from test_layers import file, of_onnxruntime, uniform

HERE = Path(__file__).parent
IDENTITY = {"name": "pytorch", "version": "1", "build": "", "instruction_set": "", "device": {}}
WARM_UP = {"min_inferences": 3, "min_ns": 1000, "cap_ns": 10**9, "stable_within": 1.0}
BLOCK = {"min_inferences": 4, "min_ns": 0, "max_inferences": 9}


def model() -> bytes:
    """Returns a network of two layers, `[2, 3, 8, 8]` to `[2, 1000]`."""
    constants = {"k": uniform(5, 3, 3, 3), "s": np.array([2, 5], np.int64), "w": uniform(5, 1000)}
    steps = [
        ("Conv", ["images", "k"], {}),
        ("GlobalAveragePool", ["0"], {}),
        ("Reshape", ["1", "s"], {}),
        ("Gemm", ["2", "w"], {}),
    ]
    return file([2, 3, 8, 8], steps, constants)


def serve(data: bytes, requests: list[Any], mode: str = "eager", threads: int = 1) -> list[Any]:
    """Returns the replies of a worker, and fails if it leaves its folder behind."""
    images = {"batch": 2, "resolution": 8, "seed": 7}
    job = {"input": {"images": images}, "threads": threads, "options": {"mode": mode}}
    folder = Path(tempfile.mkdtemp())
    (folder / "model.onnx").write_bytes(data)
    for variant, images in enumerate(BUFFERS):
        images.tofile(folder / f"input-{variant}-0")
    command = [sys.executable, "-I", "-B", HERE, folder, json.dumps(job), json.dumps(IDENTITY)]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    # A file, since a pipe that nobody reads meanwhile holds less than the logits.
    with tempfile.TemporaryFile() as replies:
        number = replies.fileno()
        said = {"input": lines.encode(), "capture_output": True, "timeout": 120}
        subprocess.run([*command, str(number)], pass_fds=[number], check=True, **said)
        assert not folder.exists(), f"{folder} was left behind"
        replies.seek(0)
        return [json.loads(line) for line in replies]


BUFFERS = [uniform(2, 3, 8, 8), uniform(2, 3, 8, 8)]


class Worker(unittest.TestCase):
    """Whole conversations."""

    def test_a_conversation_prepares_warms_up_and_takes_a_block(self) -> None:
        data = model()
        for mode in ("eager", "script"):
            with self.subTest(mode):
                replies = serve(data, [{"warm_up": WARM_UP}, {"block": BLOCK}], mode)
                self.assertEqual(
                    [next(iter(r)) for r in replies], ["prepared", "warmed_up", "block"]
                )
                prepared = replies[0]["prepared"]
                self.assertEqual(prepared["identity"], IDENTITY)
                self.assertEqual(prepared["precision"], "f32")
                expected = [of_onnxruntime(data, images).ravel() for images in BUFFERS]
                (output,) = prepared["outputs"]
                self.assertEqual(output["shape"], [2, protocol.CLASSES])
                logits = np.array(output["values"]["floats"], np.float32)
                np.testing.assert_allclose(logits, np.concatenate(expected), rtol=1e-4, atol=1e-5)
                self.assertGreaterEqual(replies[1]["warmed_up"]["inferences"], 3)
                taken = replies[2]["block"]
                self.assertEqual(len(taken["samples_ns"]), 4)
                self.assertLessEqual(sum(taken["samples_ns"]), taken["wall_ns"])
                self.assertGreater(taken["peak_rss_bytes"], 50_000_000)

    def test_a_refusal_ends_the_conversation(self) -> None:
        replies = serve(model(), ["describe", {"block": BLOCK}])
        self.assertEqual([next(iter(reply)) for reply in replies], ["prepared", "refused"])
        refused = serve(b"not onnx", [{"block": BLOCK}])
        self.assertEqual([next(iter(reply)) for reply in refused], ["refused"])
        self.assertIn("corrupt", refused[0]["refused"]["reason"])
        unknown = serve(model(), [], mode="graph")
        self.assertEqual(unknown[0]["refused"]["kind"], "unsupported")


class Parts(unittest.TestCase):
    """What the Rust worker's own tests say of the same algorithms."""

    def test_the_last_five_medians_decide_whether_latency_is_steady(self) -> None:
        # Range 2 around a middle of 101: 1.98 %.
        self.assertTrue(warm_up.is_steady([900.0, 100.0, 101.0, 102.0, 100.0, 101.0], 0.02))
        # Range 3 around 101.5: 2.96 %.
        self.assertFalse(warm_up.is_steady([100.0, 101.0, 103.0, 100.0, 101.0], 0.02))
        self.assertFalse(warm_up.is_steady([100.0] * 4, 0.02))

    def test_a_block_ends_at_both_minima_or_the_maximum(self) -> None:
        request = {"min_inferences": 3, "min_ns": 100, "max_inferences": 5}
        self.assertFalse(block.is_full(request, 3, 99))
        self.assertFalse(block.is_full(request, 2, 100))
        self.assertTrue(block.is_full(request, 3, 100))
        self.assertTrue(block.is_full(request, 5, 0))
        self.assertFalse(block.is_full({**request, "max_inferences": 0}, 0, 0))

    def test_buffers_take_turns_and_are_compared_with_themselves(self) -> None:
        seen: list[float] = []
        drift = [0.0]

        def infer(inputs: list[np.ndarray]) -> list[np.ndarray]:
            first = float(inputs[0][0])
            seen.append(first)
            return [np.full(protocol.CLASSES, first + drift[0], np.float32), np.array([3])]

        loaded = Loaded(infer, [[np.ones(1, np.float32)], [np.full(1, 2, np.float32)]])
        (logits, whole), _ = loaded.first_answers(None)
        floats = logits["values"]["floats"]
        self.assertEqual((seen, floats[0], floats[-1]), ([1.0, 2.0], 1.0, 2.0))
        expected = {"shape": [1], "element_type": "i64", "values": {"whole": [3, 3]}}
        self.assertEqual(whole, expected)
        loaded.infer()
        loaded.check_last()
        drift[0] = 0.5
        loaded.infer()
        with self.assertRaises(Refusal) as refused:
            loaded.check_last()
        # The second buffer's logits are 2: 1e-3 * 2 + 1e-4 * 2 are allowed.
        reason = "logits changed while timing by 5.0e-1 at index 0, allowed 2.2e-3"
        self.assertEqual(refused.exception.reason, reason)

    def test_logits_must_be_finite_and_as_many_as_classes(self) -> None:
        logits = np.zeros(protocol.CLASSES, np.float32)
        agreement.check_finite([logits], protocol.CLASSES)
        with self.assertRaises(Refusal):
            agreement.check_finite([logits], 2 * protocol.CLASSES)
        logits[7] = np.nan
        with self.assertRaises(Refusal) as refused:
            agreement.check_finite([logits], protocol.CLASSES)
        reason = "the logit at index 7 is `nan`, expected a number"
        self.assertEqual(refused.exception.reason, reason)

    def test_a_model_of_a_file_gives_what_it_likes_but_something(self) -> None:
        agreement.check_finite([np.zeros(30, np.float32), np.zeros(1, np.int64)], None)
        with self.assertRaises(Refusal) as refused:
            agreement.check_finite([np.zeros(0, np.float32)], None)
        self.assertEqual(refused.exception.reason, "0 logits, expected some")

    def test_whole_numbers_must_stay_as_they_are(self) -> None:
        agreement.check_unchanged(np.array([1, 2]), np.array([1, 2]))
        with self.assertRaises(Refusal) as refused:
            agreement.check_unchanged(np.array([1, 2]), np.array([1, 3]))
        self.assertEqual(refused.exception.reason, "logits changed while timing in whole numbers")

    def test_an_allocators_error_is_out_of_memory(self) -> None:
        said = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        self.assertEqual(failure.refusal(RuntimeError(said)).kind, "out-of-memory")
        self.assertEqual(failure.refusal(MemoryError()).kind, "out-of-memory")
        self.assertEqual(failure.refusal(RuntimeError("shape mismatch\nmore")).kind, "failed")


if __name__ == "__main__":
    unittest.main()
