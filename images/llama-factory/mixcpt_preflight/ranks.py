"""Starts the processes that measure together, one for each device, and collects what they found."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_POLL_SECONDS = 0.2
_KILL_SECONDS = 10.0
_LAST_LINES = 3
Measurement = dict[str, Any]


@dataclass(frozen=True)
class World:
    """The processes of this node, as a part of those of all nodes."""

    processes: int
    on_gpu: bool
    seconds: float
    nodes: int = 1
    node_rank: int = 0
    master: str = "127.0.0.1"

    @property
    def size(self) -> int:
        return self.nodes * self.processes


@dataclass(frozen=True)
class RankOutput:
    """Measurements by name, one for each process; `failure` says why some are missing; `log` is RCCL's."""

    measurements: dict[str, list[Measurement]] = field(default_factory=dict)
    failure: str = ""
    log: str = ""


def run_ranks(world: World, names: tuple[str, ...]) -> RankOutput:
    """Runs the measurements and ends all processes when one fails, or after `world.seconds`."""
    with tempfile.TemporaryDirectory(prefix="mixcpt-preflight-") as name:
        folder = Path(name)
        processes = [_start_rank(world, local, names, folder) for local in range(world.processes)]
        failure = _await_ranks(processes, world.seconds)
        return _read_output(folder, failure)


def _start_rank(world: World, local: int, names: tuple[str, ...], folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / f"rank-{local}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "mixcpt_preflight.rank_program", *names],
            env={**os.environ, **build_rank_environment(world, local, folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def build_rank_environment(world: World, local: int, folder: Path) -> Mapping[str, str]:
    """Builds the variables that torch.distributed reads, and those with which RCCL tells its transport."""
    return {
        "RANK": str(world.node_rank * world.processes + local),
        "WORLD_SIZE": str(world.size),
        "LOCAL_RANK": str(local),
        "LOCAL_WORLD_SIZE": str(world.processes),
        "MASTER_ADDR": world.master,
        "MASTER_PORT": "29517",
        "NCCL_DEBUG": "INFO",
        "NCCL_DEBUG_FILE": str(folder / f"nccl-{local}.log"),
        "MIXCPT_PREFLIGHT_GPU": "1" if world.on_gpu else "",
        "MIXCPT_PREFLIGHT_RESULTS": str(folder / f"results-{local}.jsonl"),
        "MIXCPT_PREFLIGHT_SECONDS": str(world.seconds),
    }


def _await_ranks(processes: "list[subprocess.Popen[bytes]]", seconds: float) -> str:
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            codes = [process.poll() for process in processes]
            failed = next((code for code in codes if code), None)
            if failed is not None:
                return f"a process ended with code {failed}"
            if all(code == 0 for code in codes):
                return ""
            time.sleep(_POLL_SECONDS)
        return f"not finished after {seconds:g} s"
    finally:
        for process in processes:
            process.kill()
            # Not for ever: the kernel ends no process that waits for a broken driver.
            with suppress(subprocess.TimeoutExpired):
                process.wait(_KILL_SECONDS)


def _read_output(folder: Path, failure: str) -> RankOutput:
    measurements: dict[str, list[Measurement]] = {}
    for path in sorted(folder.glob("results-*.jsonl"), key=_parse_rank):
        # What follows the last end of a line is half of one, of a process that was killed or found the disk full.
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            found = json.loads(line)
            measurements.setdefault(found["name"], []).append(found)
    log = "".join(path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("nccl-*.log")))
    return RankOutput(measurements, f"{failure}: {_find_reason(folder)}" if failure else "", log)


def _parse_rank(path: Path) -> int:
    """Returns the number by which the measurements are in the order of the devices, also with more than ten."""
    return int(path.stem.removeprefix("results-"))


def _find_reason(folder: Path) -> str:
    """Returns the last lines of the process that printed the most, which is the one that printed a traceback."""
    logs = [path.read_text(encoding="utf-8", errors="replace").strip() for path in folder.glob("rank-*.log")]
    longest = max(logs, key=len, default="")
    return " | ".join(longest.splitlines()[-_LAST_LINES:]) or "it printed nothing"
