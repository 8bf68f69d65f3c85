"""Keeps each training process on the cores of the NUMA node that its GPU is attached to.

Otherwise the kernel moves processes and their data workers between sockets, and copies to the GPU cross the link of the
sockets. Memory follows: Linux takes it from the node of the core that touches it first. Threads that a process starts
inherit its cores, and RCCL chooses the network adapter of each GPU by its distance on the PCI bus, so nothing more
needs to be bound.
"""

import os
from collections.abc import Mapping
from pathlib import Path

# Says that the spec requests a GPU. The supervisor sets it for all processes of a run; torchrun hands it on.
GPU_VARIABLE = "MIXCPT_ON_GPU"
# Our assumption: with fewer cores for each process, it and its four data workers are better off with all cores.
_FEWEST_CORES = 4


class _NotBoundError(Exception):
    """Its message is the reason why the process keeps all cores."""


def bind_to_gpu(environment: Mapping[str, str], root: Path = Path("/")) -> None:
    """Binds this process to the cores next to the GPU of its LOCAL_RANK, and prints them.

    Changes nothing if there is no such GPU or the kernel does not say where it is: training works without. The reason
    is printed if the spec requests a GPU.
    """
    rank = environment.get("LOCAL_RANK", "unknown")
    try:
        address, cores = _select_cores(environment, root)
        os.sched_setaffinity(0, cores)
        print(f"process {rank}: on the {len(cores)} cores next to its GPU {address}", flush=True)
    except (_NotBoundError, KeyError, ValueError, OSError) as error:
        if GPU_VARIABLE in environment:
            print(f"process {rank}: not bound to the cores next to its GPU: {_describe_obstacle(error)}", flush=True)


def _describe_obstacle(error: Exception) -> str:
    return str(error) if isinstance(error, _NotBoundError | OSError) else f"{type(error).__name__}: {error}"


def _select_cores(environment: Mapping[str, str], root: Path) -> tuple[str, set[int]]:
    """Returns the GPU's address and the cores of this pod next to it, which its processes may share."""
    rank, ranks = int(environment["LOCAL_RANK"]), int(environment.get("LOCAL_WORLD_SIZE", "1"))
    gpus = _list_gpus(root)
    if not 0 <= rank < len(gpus):
        raise _NotBoundError(f"the kernel lists {len(gpus)} GPUs in /sys/class/kfd")
    allowed = os.sched_getaffinity(0)
    cores = _read_cores(root, gpus[rank]) & allowed
    others = [_read_cores(root, gpu) for number, gpu in enumerate(gpus[:ranks]) if number != rank]
    sharers = 1 + sum(not cores.isdisjoint(other) for other in others)
    if len(cores) < _FEWEST_CORES * sharers:
        raise _NotBoundError(
            f"{len(cores)} of the pod's {len(allowed)} cores are next to {gpus[rank]}; {_FEWEST_CORES * sharers} "
            f"are needed, {_FEWEST_CORES} for each process with a GPU there"
        )
    if cores == allowed:
        raise _NotBoundError(f"all {len(allowed)} cores of the pod are next to it")
    return gpus[rank], cores


def _list_gpus(root: Path) -> list[str]:
    """Returns the PCI addresses of the GPUs in the order in which ROCm counts them: that of the driver's nodes."""
    nodes = (root / "sys/class/kfd/kfd/topology/nodes").iterdir()
    properties = [_read_properties(node) for node in sorted(nodes, key=lambda node: int(node.name))]
    return [_format_address(gpu) for gpu in properties if gpu.get("simd_count", 0) > 0]


def _read_properties(node: Path) -> dict[str, int]:
    """Returns the properties of a node; none for a GPU that belongs to another pod, whose file cannot be read."""
    try:
        lines = (node / "properties").read_text(encoding="ascii").splitlines()
    except PermissionError:
        return {}
    return {name: int(value) for name, value in (line.split() for line in lines)}


def _format_address(properties: Mapping[str, int]) -> str:
    location = properties["location_id"]
    bus, device, function = location >> 8 & 0xFF, location >> 3 & 0x1F, location & 7
    return f"{properties.get('domain', 0):04x}:{bus:02x}:{device:02x}.{function}"


def _read_cores(root: Path, address: str) -> set[int]:
    """Reads the cores next to a PCI device, which the kernel lists as `0-7,64-71`."""
    text = (root / "sys/bus/pci/devices" / address / "local_cpulist").read_text(encoding="ascii")
    ranges = [part.split("-") for part in text.strip().split(",")]
    return {core for bounds in ranges for core in range(int(bounds[0]), int(bounds[-1]) + 1)}
