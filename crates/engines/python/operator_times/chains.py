"""What OpenVINO takes around its operators, which its counters do not show."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean
from typing import Any

from fidelity import timed
from operator_times.counters import Counted
from operator_times.turns import WARM_UP_INFERENCES

# Channels and pixels a side of a chain's tensors, from those that a cache's first level holds to a network's largest.
TENSORS = ((16, 8), (64, 28), (64, 56))
# Pools of a short chain and of a long one.
POOLS = (8, 40)
# Tries, and inferences of each.
TRIES = 3
INFERENCES = 100


def around_ns(config: dict[str, Any], operators_ns: Iterable[float]) -> float:
    """Returns what an inference takes beside such operators, as chains of pools show it, in nanoseconds.

    Counters have no starts, so what lies between two operators is not seen. It grows with what an operator takes,
    since caches are colder then, and what is cut off of whole microseconds is in it. Of each size of tensors a
    short and a long chain show what a pool takes and what lies behind it; the smallest shows what a call takes.
    """
    from numpy import interp

    few, many = POOLS
    pool_ns: list[float] = []
    behind_ns: list[float] = []
    call_ns: list[float] = []
    for channels, pixels in TENSORS:
        short, long = (chain_ns(chain(pools, channels, pixels), config) for pools in POOLS)
        pool_ns.append((long[0] - short[0]) / (many - few))
        behind_ns.append(max(0.0, long[1] - short[1]) / (many - few))
        call_ns.append(short[1] - few * behind_ns[-1])
    return call_ns[0] + float(interp(list(operators_ns), pool_ns, behind_ns).sum())


def chain_ns(model: bytes, config: dict[str, Any]) -> tuple[float, float]:
    """Returns what the operators of a model take and what an inference takes beside them, in nanoseconds.

    What else runs on the machine only adds to it: of several tries the shortest counts.
    """
    import openvino as ov

    tries = []
    for _ in range(TRIES):
        # Calls that do not count make counters coarse.
        counted = Counted(ov.Core().read_model(model), config)
        timed(counted.infer, 0.0, WARM_UP_INFERENCES)
        counted.start()
        whole_ns = fmean(timed(counted.infer, 0.0, INFERENCES))
        tries.append((whole_ns, sum(counted.times().values())))
    whole_ns, operators_ns = min(tries)
    return operators_ns, whole_ns - operators_ns


def chain(pools: int, channels: int, pixels: int) -> bytes:
    """Returns a file of pools, one behind the other, on an image of so many channels and pixels a side."""
    from onnx import TensorProto, helper

    window = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    tensors = [f"pool{at}" for at in range(pools)]
    steps = zip(["image", *tensors], tensors)
    nodes = [helper.make_node("MaxPool", [read], [made], made, **window) for read, made in steps]
    nodes.append(helper.make_node("GlobalMaxPool", tensors[-1:], ["largest"], "largest"))
    value = helper.make_tensor_value_info
    image = value("image", TensorProto.FLOAT, [1, channels, pixels, pixels])
    largest = value("largest", TensorProto.FLOAT, [1, channels, 1, 1])
    graph = helper.make_graph(nodes, "chain", [image], [largest])
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
