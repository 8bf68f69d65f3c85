"""Translates the variables that Kubeflow Trainer sets (PET_*) into those that LLaMA-Factory reads."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from mixcpt_store.errors import InputError

_VARIABLE_NAMES = {
    "PET_NNODES": "NNODES",
    "PET_NODE_RANK": "NODE_RANK",
    "PET_MASTER_ADDR": "MASTER_ADDR",
    "PET_MASTER_PORT": "MASTER_PORT",
}
# Words of torchrun for one process on each device of the node.
_ONE_PROCESS_PER_DEVICE = ("auto", "gpu", "cpu")
# torchrun starts each rank with the interpreter that runs torchrun. Where torch is the system's, that is the system's
# Python, which lacks LLaMA-Factory: only the environment of this process has it.
_RANK_INTERPRETER = {"PYTHON_EXEC": sys.executable}


@dataclass(frozen=True)
class TrainingNode:
    """This pod's part in a run. `processes` is None if LLaMA-Factory counts the devices itself."""

    nodes: int
    rank: int
    processes: int | None
    environment: dict[str, str]

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    @property
    def world_size(self) -> int | None:
        return None if self.processes is None else self.nodes * self.processes


def read_training_node(environment: Mapping[str, str], on_cpu: bool, deepspeed: bool = False) -> TrainingNode:
    """Reads PET_*. The value `auto` for processes means one per device; on a CPU that is one.

    LLaMA-Factory uses torchrun by default only for several devices of one node. It is forced for several nodes, and
    for DeepSpeed, which LLaMA-Factory rejects without torchrun even on a single device. With one process per node on
    a CPU, the process joins the others without torchrun, through the variables that torchrun would set: that saves a
    process, and Debian's torch lacks the libuv that torchrun needs.

    Raises InputError for a value that is not a whole number in its range, and for several nodes without the address
    of the first.
    """
    nodes = _read_number(environment, "PET_NNODES", default=1, minimum=1)
    rank = _read_number(environment, "PET_NODE_RANK", default=0, minimum=0)
    if rank >= nodes:
        raise InputError(f"PET_NODE_RANK is {rank}; it must be below PET_NNODES, which is {nodes}")
    if environment.get("PET_NPROC_PER_NODE", "auto") in _ONE_PROCESS_PER_DEVICE:
        processes = 1 if on_cpu else None
    else:
        processes = _read_number(environment, "PET_NPROC_PER_NODE", default=1, minimum=1)
    variables = {target: environment[source] for source, target in _VARIABLE_NAMES.items() if source in environment}
    if nodes > 1:
        missing = [name for name in ("PET_MASTER_ADDR", "PET_MASTER_PORT") if name not in environment]
        if missing:
            raise InputError(f"PET_NNODES is {nodes} but {' and '.join(missing)} are not set")
    if processes is not None:
        variables["NPROC_PER_NODE"] = str(processes)
    if on_cpu and nodes > 1 and processes == 1:
        variables |= {"RANK": str(rank), "WORLD_SIZE": str(nodes), "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1"}
    elif deepspeed or nodes > 1 or (processes or 0) > 1:
        variables |= {"FORCE_TORCHRUN": "1", **_RANK_INTERPRETER}
    return TrainingNode(nodes, rank, processes, variables)


def _read_number(environment: Mapping[str, str], name: str, *, default: int, minimum: int) -> int:
    value = environment.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) >= minimum):
        raise InputError(f"{name} is {value!r}; it must be a whole number of at least {minimum}")
    return int(value)
