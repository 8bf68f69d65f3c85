"""One of the processes that measure together: `python -m mixcpt_preflight.rank_program NAME…`.

Each measurement is a line of the file in MIXCPT_PREFLIGHT_RESULTS as soon as it is made, so that a later one that
fails takes none away.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixcpt_preflight.optimizer_step import take_optimizer_step
from mixcpt_train.cpu_affinity import bind_to_gpu
from mixcpt_train.process_group import leave_group

if TYPE_CHECKING:
    import torch

# Square matrices of which a device's work is large against its start, and what a processor computes in seconds.
_GPU_MATRIX_SIZE = 8192
_CPU_MATRIX_SIZE = 1024
_COPY_MESSAGE_BYTES = 2**29
_GPU_MESSAGE_BYTES = 2**30
_CPU_MESSAGE_BYTES = 2**24
_WARM_UP = 3
_REPETITIONS = 10
_CLOCK_SAMPLES = 20


def main(names: list[str]) -> None:
    import torch
    import torch.distributed as dist

    on_gpu = bool(os.environ["MIXCPT_PREFLIGHT_GPU"])
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
    if on_gpu:
        torch.cuda.set_device(device)
        record({"name": "device-memory", **read_free_memory(device)})
    limit = timedelta(seconds=float(os.environ["MIXCPT_PREFLIGHT_SECONDS"]))
    dist.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo", timeout=limit)
    measurements: dict[str, Callable[[torch.device], dict[str, Any]]] = {
        "gemm": measure_gemm,
        "all-reduce": measure_all_reduce,
        "clock": measure_clock,
        "optimizer-step": take_optimizer_step,
    }
    for name in names:
        record({"name": name, **measurements[name](device)})
        dist.barrier()
    leave_group()


def record(measurement: dict[str, Any]) -> None:
    with Path(os.environ["MIXCPT_PREFLIGHT_RESULTS"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(measurement) + "\n")


def read_free_memory(device: "torch.device") -> dict[str, Any]:
    """Returns bytes. Before the processes meet, none of them has allocated any, also not on a part of the same card."""
    import torch

    free, total = torch.cuda.mem_get_info(device)
    return {"free": free, "total": total}


def measure_seconds(work: Callable[[], object], device: "torch.device") -> float:
    """Returns the mean time of one call, after calls that compile kernels and open connections."""
    for _ in range(_WARM_UP):
        work()
    synchronize(device)
    started = time.perf_counter()
    for _ in range(_REPETITIONS):
        work()
    synchronize(device)
    return (time.perf_counter() - started) / _REPETITIONS


def synchronize(device: "torch.device") -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)


def measure_gemm(device: "torch.device") -> dict[str, Any]:
    """Multiplies square matrices: in bf16 on a GPU, in fp32 on a processor. All devices compute at the same time."""
    import torch

    on_gpu = device.type == "cuda"
    size = _GPU_MATRIX_SIZE if on_gpu else _CPU_MATRIX_SIZE
    dtype = torch.bfloat16 if on_gpu else torch.float32
    left = torch.randn(size, size, device=device, dtype=dtype)
    right = torch.randn(size, size, device=device, dtype=dtype)
    seconds = measure_seconds(lambda: left @ right, device)
    tflops = 2 * size**3 / seconds / 1e12
    return {"tflops": tflops, **(measure_device_memory(device) if on_gpu else {})}


def measure_device_memory(device: "torch.device") -> dict[str, Any]:
    """Copies within the memory of a GPU."""
    import torch

    source = torch.zeros(_COPY_MESSAGE_BYTES, device=device, dtype=torch.uint8)
    target = torch.empty_like(source)
    seconds = measure_seconds(lambda: target.copy_(source), device)
    return {"copied": 2 * _COPY_MESSAGE_BYTES / seconds / 1e9}


def measure_all_reduce(device: "torch.device") -> dict[str, Any]:
    import torch
    import torch.distributed as dist

    size = _GPU_MESSAGE_BYTES if device.type == "cuda" else _CPU_MESSAGE_BYTES
    message = torch.zeros(size // 4, device=device, dtype=torch.float32)
    seconds = measure_seconds(lambda: dist.all_reduce(message), device)
    return {"seconds": seconds, "bytes": size, "ranks": dist.get_world_size()}


def measure_clock(_device: "torch.device") -> dict[str, Any]:
    """Lets the first process ask the last one, which is on the other node, for its time."""
    import torch
    import torch.distributed as dist

    rank, last = dist.get_rank(), dist.get_world_size() - 1
    samples: list[tuple[float, float, float]] = []
    for _ in range(_CLOCK_SAMPLES if rank in (0, last) and last > 0 else 0):
        message = torch.zeros(1, dtype=torch.float64)
        if rank == 0:
            sent = time.time()
            dist.send(message, last)
            dist.recv(message, last)
            samples.append((sent, message.item(), time.time()))
        else:
            dist.recv(message, 0)
            message[0] = time.time()
            dist.send(message, 0)
    return {"samples": samples}


if __name__ == "__main__":
    bind_to_gpu(os.environ)  # as in a training, whose threads for the network run on the same cores
    main(sys.argv[1:])
