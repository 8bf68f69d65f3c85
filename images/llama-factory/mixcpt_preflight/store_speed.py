"""The speed of the store for one large file, against the speed that the plan assumes for checkpoints."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mixcpt_store.check_result import CheckResult, Status
from mixcpt_store.store_identity import MISSING_STORE, find_store_problem

_WRITE_BYTES = 2**24
_MEGABYTE = 1e6
_PREFIX = "speed-"
# Twice the time after which the kubelet ends the pod of a test.
_ABANDONED_SECONDS = 3600.0
# Below this share of the assumed speed a training loses hours to its checkpoints: our assumption.
_FAILING_SHARE = 0.25
_MISSING_ADVICE = "compare `findmnt` on this node and another; a pod sees only what was mounted before it started"


@dataclass(frozen=True)
class StoreTest:
    """`assumed_rate` in MB/s, None where the plan assumes none.

    The file has at most `max_bytes`, and is written for at most `seconds`.
    """

    folder: Path
    checkpoint_bytes: int
    assumed_rate: float | None
    max_bytes: int
    seconds: float


def check_store(test: StoreTest, clock: Callable[[], float] = time.monotonic) -> list[CheckResult]:
    """Writes a file, waits until the store has it, reads it, and removes it, unless this node lacks the store."""
    problem = find_store_problem()
    if problem:
        return [CheckResult("store-write", "fail", f"{MISSING_STORE}: {problem}", advice=_MISSING_ADVICE)]
    test.folder.mkdir(parents=True, exist_ok=True)
    # All nodes test in the same folder at the same time, and the process of a pod has the same id on each.
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=test.folder) as name:
        _remove_abandoned(Path(name))
        path = Path(name) / "file"
        written, write_seconds = _write_sample(path, test, clock)
        bytes_per_second = _read_sample(path, test, clock)
    write_rate = written / _MEGABYTE / max(write_seconds, 1e-9)
    read = CheckResult("store-read", "pass", "the same file", bytes_per_second / _MEGABYTE, "MB/s")
    return [rate_write(test, write_rate), read]


def _remove_abandoned(new: Path) -> None:
    """Removes what tests left that were killed: a file may have as many bytes as a checkpoint.

    The time is that of a new folder, so of the store's server where there is one: a node whose clock is fast would
    otherwise remove what the others test with.
    """
    now = new.stat().st_mtime
    for path in new.parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another node removes it
            if now - path.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _write_sample(path: Path, test: StoreTest, clock: Callable[[], float]) -> tuple[int, float]:
    block = os.urandom(_WRITE_BYTES)  # random, so that no store compresses it
    size = min(test.checkpoint_bytes, test.max_bytes)
    written = 0
    started = clock()
    with path.open("wb", buffering=0) as file:
        while written < size and clock() - started < test.seconds:
            written += file.write(block[: size - written])
        os.fsync(file.fileno())
        elapsed = clock() - started
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that reading asks the store
    return written, elapsed


def _read_sample(path: Path, test: StoreTest, clock: Callable[[], float]) -> float:
    """Returns bytes per second."""
    started = clock()
    total = 0
    with path.open("rb", buffering=0) as file:
        while clock() - started < test.seconds and (block := file.read(_WRITE_BYTES)):
            total += len(block)
    return total / max(clock() - started, 1e-9)


def rate_write(test: StoreTest, rate: float) -> CheckResult:
    seconds = test.checkpoint_bytes / _MEGABYTE / max(rate, 1e-9)
    detail = f"a checkpoint of {test.checkpoint_bytes / 1e9:.3g} GB in {seconds:.3g} s by one writer"
    if test.assumed_rate is None:
        return CheckResult("store-write", "pass", f"{detail}; nothing to compare with", rate, "MB/s")
    detail += f"; the plan assumes {test.assumed_rate:.3g} MB/s"
    advice = "write checkpoints less often (save_steps), or give the store more bandwidth (stripes, servers)"
    if rate >= test.assumed_rate:
        return CheckResult("store-write", "pass", detail, rate, "MB/s")
    status: Status = "fail" if rate < test.assumed_rate * _FAILING_SHARE else "warn"
    return CheckResult("store-write", status, detail, rate, "MB/s", advice)
