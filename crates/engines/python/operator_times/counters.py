"""OpenVINO's counters, each the mean over all inferences of a model so far."""

from __future__ import annotations

from typing import Any

from operator_times.turns import filled

# Nanoseconds by an operator's name and kind.
Times = dict[tuple[str, str], float]


def compiled(model: Any, config: dict[str, Any]) -> tuple[Any, Any]:
    """Returns a model, compiled, and a request whose inputs are filled."""
    import openvino as ov

    made = ov.Core().compile_model(model, "CPU", config)
    request = made.create_infer_request()
    for at in range(len(made.inputs)):
        data = request.get_input_tensor(at).data
        data[...] = filled(data.shape, data.dtype)
    return made, request


class Counted:
    """A model with counters."""

    def __init__(self, model: Any, config: dict[str, Any]) -> None:
        self.model, self.request = compiled(model, {**config, "PERF_COUNT": True})
        self.calls = 0
        self.start()

    def infer(self) -> None:
        """Infers once."""
        self.request.infer()
        self.calls += 1

    def start(self) -> None:
        """What was inferred so far does not count."""
        self.first_call, self.before = self.calls, self._counters()

    def times(self) -> Times:
        """Returns what each operator takes, in the mean over the inferences since the start."""
        return since(self.before, self.first_call, self._counters(), self.calls)

    def _counters(self) -> Times:
        import openvino as ov

        times: Times = {}
        for one in self.request.get_profiling_info():
            if one.status == ov.ProfilingInfo.Status.EXECUTED:
                key = one.node_name, f"{one.node_type} {one.exec_type}"
                times[key] = times.get(key, 0.0) + one.real_time.total_seconds() * 1e9
        return times


def since(before: Times, first_call: int, after: Times, calls: int) -> Times:
    """Returns the means over the inferences from one call to another, by the means over all up to either.

    Counters are means in whole microseconds, rounded down: these here are right to a microsecond for each call over
    the calls that count, so that few calls may come before.
    """
    return {
        key: max(0.0, calls * ns - first_call * before.get(key, 0.0)) / (calls - first_call)
        for key, ns in after.items()
    }
