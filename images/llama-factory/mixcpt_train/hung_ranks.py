"""Finds a training in which a rank hangs, and prints where each rank of this node is."""

import math
import os
import resource
import signal
import time
import uuid
from contextlib import suppress
from pathlib import Path

from mixcpt_store.error_output import ErrorOutput
from mixcpt_store.listing import walk_folders
from mixcpt_store.store_calls import NoAnswerError, RepeatedCall, call_store

# The launcher hands it to the ranks: Python then prints its stacks before it dies of SIGABRT.
STACKS_VARIABLE = {"PYTHONFAULTHANDLER": "1"}
# Our assumption: half an hour without any sign of life is a hang, unless the training has paused for a tenth of that.
SILENT_SECONDS = 1800.0
_LONGEST_PAUSES = 10
# Our assumption: a rank prints its stacks within this time, also on a busy node; one that waits for a disk never does.
_PRINT_SECONDS = 5.0
_PRINT_POLL_SECONDS = 0.05
# A store that answers does so within this time; one that hangs may be why the training does.
_ANSWER_SECONDS = 10.0


class HangDetector:
    """Finds that the training has given no sign of life: no step or line of its log, no error output, no file.

    Its ranks touch the file `sign` while they compute. Files that it writes are in `output`.
    """

    def __init__(
        self, output: Path, error_output: ErrorOutput, sign: Path, silent_seconds: float | None = None
    ) -> None:
        self._output = output
        self._error_output = error_output
        self._sign = sign
        self._silent_seconds = SILENT_SECONDS if silent_seconds is None else silent_seconds
        self._last_sign = time.monotonic()
        self._longest_pause = 0.0
        self._newest_age = RepeatedCall(lambda: _measure_newest_age(output))

    def find_silence(self, *, has_logged: bool) -> float | None:
        """Returns the seconds without a sign of life if they are too many."""
        now = time.monotonic()
        self._note_sign(now if has_logged else self._error_output.last_time)
        with suppress(OSError):
            self._note_sign(now - _measure_age(self._sign))
        limit = max(self._silent_seconds, _LONGEST_PAUSES * self._longest_pause)
        if now - self._last_sign <= limit:
            return None
        age = self._measure_newest_age()
        # A store that cannot tell for a moment may tell at the next poll; one that never does may be why a rank hangs.
        if age is None and now - self._last_sign <= 2 * limit:
            return None
        self._note_sign(now - (math.inf if age is None else age))
        return now - self._last_sign if now - self._last_sign > limit else None

    def _measure_newest_age(self) -> float | None:
        """Returns None if the store cannot tell now."""
        try:
            return self._newest_age.poll(_ANSWER_SECONDS)
        except OSError:
            return None

    def _note_sign(self, sign: float) -> None:
        if sign > self._last_sign:
            self._longest_pause = max(self._longest_pause, sign - self._last_sign)
            self._last_sign = sign


def _measure_newest_age(folder: Path) -> float:
    """Returns the seconds since a file below the folder changed: a large checkpoint takes long to write."""
    paths = [path for parent, files in walk_folders(folder) for path in (parent, *files) if path != folder]
    return min(map(_measure_age, paths), default=math.inf)


def _measure_age(path: Path) -> float:
    """Returns the seconds since a file changed; infinite if it does not exist. Raises OSError."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return math.inf


class HangNotice:
    """The file by which the first node tells the others that the training hangs, so that they print their stacks."""

    def __init__(self, output: Path) -> None:
        self._path = output / "hang"
        self._former = self._read()
        self._reading = RepeatedCall(self._read)

    def write(self) -> None:
        # A store that cannot be written may be why the training hangs.
        with suppress(OSError, NoAnswerError):
            call_store(self._path, lambda: self._path.write_text(uuid.uuid4().hex, encoding="utf-8"), _ANSWER_SECONDS)

    def is_new(self) -> bool:
        """Returns True for a notice that this attempt's first node wrote; False while the store cannot tell."""
        try:
            return self._reading.poll(_ANSWER_SECONDS) not in (None, self._former)
        except OSError:
            return False

    def _read(self) -> str | None:
        """Raises OSError: an earlier attempt's notice that cannot be read now would later be taken for a new one."""
        try:
            return self._path.read_text(encoding="utf-8") or None
        except FileNotFoundError:
            return None


def print_stacks(root: int) -> None:
    """Ends a process and its descendants. Each rank first prints its stacks; without ranks, every process does."""
    processes = [root, *_list_descendants(root)]
    ranks = _select_ranks(processes) or processes
    for process in processes:
        # torchrun would end the other ranks with the first one.
        if process not in ranks:
            _send(process, signal.SIGSTOP)
    for rank in ranks:
        print(f"stacks of process {rank} (rank {_read_rank(rank)}):", flush=True)
        with suppress(OSError, ValueError):
            # A core dump of a rank has the size of its memory.
            resource.prlimit(rank, resource.RLIMIT_CORE, (0, 0))
        _send(rank, signal.SIGABRT)
        _await_end(rank)  # so that the stacks of several do not mix
    for process in reversed(processes):
        _send(process, signal.SIGKILL)


def _await_end(process: int) -> None:
    end = time.monotonic() + _PRINT_SECONDS
    while time.monotonic() < end and not _has_ended(process):
        time.sleep(_PRINT_POLL_SECONDS)


def _send(process: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(process, number)


def _list_descendants(root: int) -> list[int]:
    """Returns all processes below one, parents before their children."""
    parents = _read_parents()
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found[1:]


def _read_parents() -> dict[int, int]:
    """Returns the parent of each process of the pod."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(path.name)] = int(_read_status_fields(path.name)[1])
    return parents


def _has_ended(process: int) -> bool:
    """Returns True also for a process that its parent, which may be stopped, has not waited for."""
    try:
        return _read_status_fields(process)[0] in ("Z", "X")
    except OSError:
        return True


def _read_status_fields(process: int | str) -> list[str]:
    """Returns the fields of proc(5)'s stat after the name, which is in parentheses: the state, the parent and so on."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _select_ranks(processes: list[int]) -> list[int]:
    """Returns the processes that torchrun started as ranks, without those that the ranks started."""
    ranks = [process for process in processes if _read_rank(process) != "unknown"]
    helpers = {descendant for rank in ranks for descendant in _list_descendants(rank)}
    return [rank for rank in ranks if rank not in helpers]


def _read_rank(process: int) -> str:
    try:
        variables = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    except OSError:
        return "unknown"
    values = [value.removeprefix(b"RANK=") for value in variables if value.startswith(b"RANK=")]
    return values[0].decode() if values else "unknown"
