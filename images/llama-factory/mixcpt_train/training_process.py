"""Runs the training process to its end: marks checkpoints, reports progress and forwards signals."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from mixcpt_store.error_output import ErrorOutput
from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_present
from mixcpt_store.progress import Progress
from mixcpt_store.store_calls import NoAnswerError
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.graceful_stop import GracefulStop
from mixcpt_train.hung_ranks import STACKS_VARIABLE
from mixcpt_train.run_spec import CheckpointPlan
from mixcpt_train.store_poll import StoreNews, StorePoll
from mixcpt_train.trainer_log import LogEntry, TrainerLog

POLL_SECONDS = 1.0
# Our assumption: an interpreter that has nothing left to do exits within this time, also on a slow file system.
_EXIT_SECONDS = 120.0
_TERMINATE_SECONDS = 10.0
# A training that failed may have left a checkpoint to mark.
_LAST_MARK_SECONDS = 300.0


class TrainingProcess(subprocess.Popen[bytes]):
    """The launcher of the ranks. `was_stopped` is True once the pod was told to stop."""

    was_stopped = False
    error_output: ErrorOutput


def start_process(
    command: list[str], environment: dict[str, str], directory: Path, stop: GracefulStop | None = None
) -> TrainingProcess:
    """Starts the process in a separate process group and forwards SIGTERM and SIGINT to the whole group.

    A SIGTERM on which `stop` begins is not forwarded: the ranks save and end.

    Raises InputError when the program cannot be started.
    """
    try:
        process = TrainingProcess(
            command, env={**environment, **STACKS_VARIABLE}, cwd=directory, process_group=0, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise InputError(
            f"{command[0]}: cannot be started ({error.strerror}); training needs the image llama-factory"
        ) from error

    assert process.stderr is not None
    process.error_output = ErrorOutput(process.stderr)

    def forward_signal(number: int, _frame: FrameType | None) -> None:
        process.was_stopped = True
        if process.poll() is not None or (stop and number == signal.SIGTERM and stop.begin()):
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)

    signal.signal(signal.SIGTERM, forward_signal)
    signal.signal(signal.SIGINT, forward_signal)
    return process


def watch_process(
    process: subprocess.Popen[bytes],
    log: TrainerLog,
    on_poll: Callable[[bool], None],
    *,
    check: Callable[[list[LogEntry]], None] = lambda _entries: None,
    has_finished: Callable[[], bool],
    stop_after: int | None = None,
    stop: GracefulStop | None = None,
    exit_seconds: float = _EXIT_SECONDS,
) -> int:
    """Polls until the process ends. `on_poll(ended)` is called at every poll, the last time with True, in a thread.

    `check(entries)` gets the new entries of the log at every poll. If it raises, the process is ended first.

    Progress counts up to `stop_after` if the run stops before the end of its recipe.

    A process of several can hang at its exit, in the threads of its communication library, and would keep its devices.
    So a process that has not exited `exit_seconds` after `has_finished()` became true is ended, with exit code 0.
    One that `stop` says is over is ended, too. Otherwise returns the exit code of the process; after a signal it is
    128 + the signal, as in a shell. Raises NoAnswerError if the store does not answer once the process has ended.
    """
    progress: Progress | None = None
    finished_at: float | None = None
    store = StorePoll(log, on_poll, has_finished)
    while True:
        code = _wait(process, POLL_SECONDS)
        if code is None and stop and stop.is_over():
            code = _end_process(process)
        news = store.poll() if code is None else _poll_last(store, stop, failed=code != 0)
        progress = _report_progress(news.entries, progress, stop_after)
        if code is not None:
            return code if code >= 0 else 128 - code
        if finished_at is None:
            try:
                check(news.entries)
            except Exception:
                _end_process(process)
                _poll_last(store, stop, failed=True)
                raise
            finished_at = time.monotonic() if news.has_finished else None
        elif time.monotonic() > finished_at + exit_seconds:
            print(f"ending the training process, which has not exited for {exit_seconds:.0f} s", flush=True)
            _end_process(process)
            store.end()
            return 0


def _poll_last(store: StorePoll, stop: GracefulStop | None, *, failed: bool) -> StoreNews:
    """Waits less after a failure, and does not hide it: a store that does not answer may be why, or comes on top.

    A pod that is told to stop has no more than its grace.
    """
    left = stop.seconds_left if stop else None
    if not failed and left is None:
        return store.end()
    try:
        return store.end(_LAST_MARK_SECONDS if left is None else left)
    except NoAnswerError as error:
        print(f"the last checkpoint may have no marker or no checksums: {error}", flush=True)
        return StoreNews([])


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Returns the code of the process; None if it has not ended after some seconds."""
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return None


def _end_process(process: subprocess.Popen[bytes]) -> int:
    """Returns the code of the process, that of SIGTERM if it is unknown.

    Leaves behind what not even SIGKILL ends, as a rank that waits for a broken disk: this process must end."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):  # a signal to this process may have found that it has ended
            os.killpg(process.pid, number)
        if _wait(process, _TERMINATE_SECONDS) is not None:
            break
    return -signal.SIGTERM if process.returncode is None else process.returncode


def build_checkpoint_keeper(checkpoints: Checkpoints, plan: CheckpointPlan) -> Callable[[bool], None]:
    """Builds the `on_poll` callback of the first node, which marks finished checkpoints and removes old ones.

    Does nothing once another attempt has claimed the run.

    An error of the file system does not end the training: marking is tried again at the next poll, removing after the
    next marked checkpoint.
    """
    reported: set[str] = set()

    def keep_checkpoints(ended: bool) -> None:
        try:
            if checkpoints.owner.is_replaced():
                return
            marked = checkpoints.mark_finished(training_ended=ended)
        except OSError as error:
            if str(error) not in reported:
                print(f"a checkpoint cannot be marked now ({error}); trying again", flush=True)
            reported.add(str(error))
            return
        for path in marked:
            print(f"{path.name} is complete", flush=True)
        if marked:
            _prune_checkpoints(checkpoints, plan)
        # Last: a pod that is told to stop may end before tens of gigabytes have been read.
        for path in marked:
            checkpoints.add_checksums(path)

    return keep_checkpoints


def _prune_checkpoints(checkpoints: Checkpoints, plan: CheckpointPlan) -> None:
    try:
        if checkpoints.owner.is_replaced():
            return
        for path in checkpoints.prune(plan):
            kept = "its weights are kept" if is_present(path) else "removed"
            print(f"{path.name}: {kept}, because two newer checkpoints can be resumed", flush=True)
    except OSError as error:
        print(f"old checkpoints cannot be removed now ({error}); trying again after the next checkpoint", flush=True)


def _report_progress(entries: list[LogEntry], progress: Progress | None, stop_after: int | None) -> Progress | None:
    if not entries:
        return progress
    if progress is None:
        progress = Progress(stop_after or entries[-1].total, "steps")
    losses = [entry.loss for entry in entries if entry.loss is not None]
    progress.report(entries[-1].step, loss=losses[-1] if losses else None)
    return progress
