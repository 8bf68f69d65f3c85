"""From the variables that Kubeflow Trainer sets (PET_*) to those that LLaMA-Factory reads."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from mixcpt_store.errors import InputError

_NAMES = {
    "PET_NNODES": "NNODES",
    "PET_NODE_RANK": "NODE_RANK",
    "PET_MASTER_ADDR": "MASTER_ADDR",
    "PET_MASTER_PORT": "MASTER_PORT",
}
# torchrun starts each rank with its own interpreter: that of the system, where torch is the system's.
# LLaMA-Factory is in the environment that this module runs in.
_OUR_PYTHON = {"PYTHON_EXEC": sys.executable}


@dataclass(frozen=True)
class Node:
    """This pod's place in the run. `processes` is None where LLaMA-Factory shall count the devices itself."""

    nodes: int
    rank: int
    processes: int | None
    environment: dict[str, str]

    @property
    def first(self) -> bool:
        return self.rank == 0

    @property
    def world_size(self) -> int | None:
        return None if self.processes is None else self.nodes * self.processes


def this_node(environment: Mapping[str, str], on_cpu: bool, deepspeed: bool = False) -> Node:
    """`auto` processes mean one per device; on a CPU that is one.

    LLaMA-Factory starts torchrun by itself only for several devices of one node. For more it is forced, and
    for DeepSpeed, which LLaMA-Factory refuses without it even on a single device. One process per node on a
    CPU joins the others without it, through the variables that torchrun would set: that saves a process, and
    Debian's torch lacks the libuv that torchrun needs.
    """
    nodes = _number(environment, "PET_NNODES", 1)
    rank = _number(environment, "PET_NODE_RANK", 0)
    wanted = environment.get("PET_NPROC_PER_NODE", "auto")
    processes = int(wanted) if wanted.isdigit() else (1 if on_cpu else None)
    ours = {target: environment[source] for source, target in _NAMES.items() if source in environment}
    if nodes > 1:
        missing = [name for name in ("PET_MASTER_ADDR", "PET_MASTER_PORT") if name not in environment]
        if missing:
            raise InputError(f"PET_NNODES is {nodes} but {' and '.join(missing)} are not set")
    if processes is not None:
        ours["NPROC_PER_NODE"] = str(processes)
    if on_cpu and nodes > 1 and processes == 1:
        ours |= {"RANK": str(rank), "WORLD_SIZE": str(nodes), "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1"}
    elif deepspeed or nodes > 1 or (processes or 0) > 1:
        ours |= {"FORCE_TORCHRUN": "1", **_OUR_PYTHON}
    return Node(nodes, rank, processes, ours)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, str(default))
    if not value.isdigit():
        raise InputError(f"{name} is {value!r}; it must be a whole number")
    return int(value)
