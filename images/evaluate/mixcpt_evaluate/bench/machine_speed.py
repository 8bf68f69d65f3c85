"""The speed of the machine without overhead: matrix products of the model's own shapes, and copying."""

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# Seconds from an arbitrary origin.
Clock = Callable[[], float]

_PRODUCT_ROWS = {"cpu": 1024, "cuda": 16_384}
_COPIED_BYTES = {"cpu": 1 << 28, "cuda": 1 << 31}


def build_wall_clock(device: str) -> Clock:
    """Returns a clock that waits until the device has finished its work."""
    import torch

    def read_clock() -> float:
        if device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    return read_clock


def build_processor_clock(threads: int) -> Clock:
    """Returns a clock of this process's own work on `threads` cores.

    It excludes what other processes do on a busy machine.
    """
    return lambda: time.process_time() / threads


def measure_matmul_throughput(model: "torch.nn.Module", device: str, clock: Clock, *, rounds: int) -> float:
    """Returns the FLOP/s of the matrix products of one layer of `model`, with as many rows as a batch has tokens."""
    import torch

    weights = [part.weight for part in model.model.layers[0].modules() if isinstance(part, torch.nn.Linear)]
    inputs = [weight.new_ones(_PRODUCT_ROWS[device], weight.shape[1]) for weight in weights]
    seconds = []
    for _ in range(rounds + 1):  # the first round warms up
        start = clock()
        for weight, rows in zip(weights, inputs, strict=True):
            torch.nn.functional.linear(rows, weight)
        seconds.append(clock() - start)
    return float(2 * _PRODUCT_ROWS[device] * sum(weight.numel() for weight in weights) / median(seconds[1:]))


def measure_bandwidth(device: str, clock: Clock, *, rounds: int) -> float:
    """Returns bytes/s, with the bytes that are read and those that are written added up."""
    import torch

    source = torch.ones(_COPIED_BYTES[device], dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(rounds + 1):  # the first round warms up
        start = clock()
        target.copy_(source)
        seconds.append(clock() - start)
    return 2 * _COPIED_BYTES[device] / median(seconds[1:])
