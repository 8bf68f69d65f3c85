"""What the machine does when nothing else is in the way: products of the model's own shapes, and copying."""

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_ROWS = {"cpu": 1024, "cuda": 16_384}
_COPIED_BYTES = {"cpu": 1 << 28, "cuda": 1 << 31}


Clock = Callable[[], float]


def wall_clock(device: str) -> Clock:
    """Seconds, read after the device has finished what it was given."""
    import torch

    def now() -> float:
        if device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    return now


def processor_clock(threads: int) -> Clock:
    """Seconds of this process's own work on `threads` cores: what others do on a busy machine is left out."""
    return lambda: time.process_time() / threads


def matmul_throughput(model: "torch.nn.Module", device: str, now: Clock, rounds: int) -> float:
    """FLOP/s of the matrix products of one layer of `model`, as many rows at once as a batch has tokens."""
    import torch

    weights = [part.weight for part in model.model.layers[0].modules() if isinstance(part, torch.nn.Linear)]
    inputs = [weight.new_ones(_ROWS[device], weight.shape[1]) for weight in weights]
    seconds = []
    for _ in range(rounds + 1):  # the first warms up
        start = now()
        for weight, rows in zip(weights, inputs, strict=True):
            torch.nn.functional.linear(rows, weight)
        seconds.append(now() - start)
    return float(2 * _ROWS[device] * sum(weight.numel() for weight in weights) / median(seconds[1:]))


def bandwidth(device: str, now: Clock, rounds: int) -> float:
    """Bytes/s, read and written together."""
    import torch

    source = torch.ones(_COPIED_BYTES[device], dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(rounds + 1):
        start = now()
        target.copy_(source)
        seconds.append(now() - start)
    return 2 * _COPIED_BYTES[device] / median(seconds[1:])
