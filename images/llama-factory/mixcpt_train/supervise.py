"""Runs the training process to its end: marks checkpoints, reports progress, hands signals on."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from mixcpt_store.progress import Progress
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.trainer_log import TrainerLog

_POLL_SECONDS = 1.0


def start(command: list[str], environment: dict[str, str], directory: Path) -> subprocess.Popen[bytes]:
    """Starts the process in a group of its own and hands SIGTERM and SIGINT on to the whole group."""
    process = subprocess.Popen(command, env=environment, cwd=directory, process_group=0)

    def forward(number: int, _frame: FrameType | None) -> None:
        if process.poll() is None:
            signal_group(process, number)

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGINT, forward)
    return process


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    os.killpg(process.pid, number)


def watch(process: subprocess.Popen[bytes], log: TrainerLog, mark: Callable[[bool], None]) -> int:
    """Polls until the process ends. `mark(ended)` is called at every poll and once more after the end.

    Returns the process's exit code; one that a signal ended gives 128 + the signal, as a shell does.
    """
    progress: Progress | None = None
    while True:
        try:
            code: int | None = process.wait(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        progress = _report(log, progress)
        mark(code is not None)
        if code is not None:
            return code if code >= 0 else 128 - code


def marker(checkpoints: Checkpoints) -> Callable[[bool], None]:
    """What the first node does at every poll."""

    def mark(ended: bool) -> None:
        for path in checkpoints.mark_finished(training_ended=ended):
            print(f"{path.name} is complete", flush=True)

    return mark


def _report(log: TrainerLog, progress: Progress | None) -> Progress | None:
    entries = log.new_entries()
    if not entries:
        return progress
    if progress is None:
        progress = Progress(entries[-1].total, "steps")
    losses = [entry.loss for entry in entries if entry.loss is not None]
    progress.report(entries[-1].step, loss=losses[-1] if losses else None)
    return progress
