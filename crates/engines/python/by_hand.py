"""Compares PyTorch on the layers that formbench makes of an ONNX file with the same network written by hand.

    formbench export deit-tiny --output deit-tiny.onnx
    python by_hand.py deit-tiny.onnx --threads 1

The network by hand is written as PyTorch's users write a vision transformer, and gets the file's weights. Its logits have to
agree. Both are timed in turns; what is printed is the ratio of medians, layers over by hand, and the range of its blocks.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from time import perf_counter_ns

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from formbench_pytorch import layers, onnx_file

# Turns of each side in a block, and inferences of a turn; the first is not counted.
TURNS, INFERENCES, WARM_UP = 10, 4, 10
PATCH, HEAD, EPSILON = 16, 64, 1e-6


class Attention(nn.Module):
    """Self-attention with one projection for queries, keys and values."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.heads = channels // HEAD
        self.norm = nn.LayerNorm(channels, eps=EPSILON)
        self.project = nn.Linear(channels, 3 * channels)
        self.join = nn.Linear(channels, channels)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        batch, count, channels = tokens.shape
        parts = self.project(self.norm(tokens)).reshape(batch, count, 3, self.heads, HEAD)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        means = functional.scaled_dot_product_attention(query, key, value)
        return self.join(means.transpose(1, 2).reshape(batch, count, channels))


class Mlp(nn.Module):
    """Two linear layers with GELU between."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=EPSILON)
        self.expand = nn.Linear(channels, 4 * channels)
        self.gelu = nn.GELU()
        self.contract = nn.Linear(4 * channels, channels)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.contract(self.gelu(self.expand(self.norm(tokens))))


class Block(nn.Module):
    """An encoder block."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.attention = Attention(channels)
        self.mlp = Mlp(channels)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.attention(tokens)
        return tokens + self.mlp(tokens)


class Deit(nn.Module):
    """A vision transformer with a class token and learned places."""

    def __init__(self, channels: int, blocks: int, tokens: int, classes: int) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, channels, PATCH, PATCH)
        self.token = nn.Parameter(torch.zeros(1, 1, channels))
        self.positions = nn.Parameter(torch.zeros(1, tokens, channels))
        self.blocks = nn.Sequential(*(Block(channels) for _ in range(blocks)))
        self.norm = nn.LayerNorm(channels, eps=EPSILON)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        tokens = self.patches(images).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(images.shape[0], -1, -1), tokens], 1)
        tokens = self.norm(self.blocks(tokens + self.positions))
        return self.classifier(tokens[:, 0])


def by_hand(weights: dict[str, np.ndarray]) -> nn.Module:
    """Returns the network with the file's weights, which are named after its layers."""
    places, head = weights["places.positions"], weights["classifier.weight"]
    channels = head.shape[0]
    blocks = len({name.split(".")[1] for name in weights if name.startswith("blocks.")})
    network = Deit(channels, blocks, places.size // channels, head.shape[1])
    renamed = {"gamma": "weight", "beta": "bias"}
    of_hand = {"class.token.folded": "token", "places.positions": "positions"}
    state = {}
    for name, array in weights.items():
        *path, field = name.split(".")
        target = of_hand.get(name, ".".join([*path, renamed.get(field, field)]))
        if target not in network.state_dict():
            continue
        shape = network.state_dict()[target].shape
        linear = array.ndim == 2 and field == "weight"
        state[target] = torch.from_numpy((array.T if linear else array).copy()).reshape(shape)
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)


def turn(network: nn.Module, images: torch.Tensor) -> float:
    """Returns the median latency of a turn, in nanoseconds."""
    spans = []
    for _ in range(INFERENCES):
        start = perf_counter_ns()
        network(images)
        spans.append(perf_counter_ns() - start)
    return median(spans[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--blocks", type=int, default=9)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    model = onnx_file.read(given.file.read_bytes())
    images = torch.from_numpy(
        np.random.default_rng(7).normal(size=model.shapes[model.inputs[0]]).astype(np.float32)
    )
    ours, theirs = layers.module(model), by_hand(model.constants)
    ratios = []
    with torch.inference_mode():
        difference = (ours(images) - theirs(images)).abs().max() / theirs(images).abs().max()
        if difference > 1e-4:
            raise SystemExit(f"the logits differ by {difference:.1e} of the largest")
        for _ in range(WARM_UP):
            ours(images), theirs(images)
        for _ in range(given.blocks):
            turns = [(turn(ours, images), turn(theirs, images)) for _ in range(TURNS)]
            ratios.append(median(a for a, _ in turns) / median(b for _, b in turns))
    middle = median(ratios)
    print(f"logits agree to {difference:.1e}; by hand {turns[-1][1] / 1e6:.1f} ms; "
          f"layers over by hand {middle:.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
