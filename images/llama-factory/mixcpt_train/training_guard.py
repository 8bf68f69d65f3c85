"""Ends a training that cannot end well, and says why one failed: diverged, hung, out of memory, on a broken node."""

import time
from collections.abc import Callable
from pathlib import Path

from mixcpt_store.device import require_working_gpu
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.store_calls import call_store
from mixcpt_train import finish
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.failure_cause import find_cause
from mixcpt_train.graceful_stop import EXIT_STOPPED, GracefulStop
from mixcpt_train.hung_ranks import HangDetector, HangNotice, print_stacks
from mixcpt_train.store_probe import probe_writing
from mixcpt_train.trainer_log import LogEntry
from mixcpt_train.training_node import TrainingNode
from mixcpt_train.training_process import POLL_SECONDS, TrainingProcess

# Our assumption: a store that works reads the small files of all checkpoints, or takes a test file, within this time.
_EXPLAIN_SECONDS = 300.0


class TrainingGuard:
    """Watches one attempt on this node, which needs GPUs if `on_gpu`. Its ranks touch the file `sign`."""

    def __init__(self, checkpoints: Checkpoints, node: TrainingNode, *, on_gpu: bool, sign: Path) -> None:
        self._node = node
        self._on_gpu = on_gpu
        self._sign = sign
        self._checkpoints = checkpoints
        self._former_checkpoint = checkpoints.find_resumable()
        self._notice = HangNotice(checkpoints.run)
        self._has_started = False
        self._detector: HangDetector | None = None

    def check(self, process: TrainingProcess, entries: list[LogEntry]) -> None:
        """Raises InputError for a loss that is not finite and a run that another attempt has claimed.

        Raises RetryableError for a rank that hangs.
        """
        self._checkpoints.owner.require()
        self._has_started |= bool(entries)
        if diverged := next((entry for entry in entries if entry.diverged), None):
            raise InputError(
                f"the loss is not finite at step {diverged.step}: the training has diverged, and would again; change "
                "the recipe, such as a lower learning_rate or a longer warmup_ratio, which gives the run another name"
            )
        if self._node.is_first:
            self._check_silence(process, entries)
        elif self._notice.is_new():
            self._end_hang(process, "the first node has found that the training hangs")

    def _check_silence(self, process: TrainingProcess, entries: list[LogEntry]) -> None:
        if self._detector is None:
            self._detector = HangDetector(self._checkpoints.run, process.error_output, self._sign)
        seconds = self._detector.find_silence(has_logged=bool(entries))
        if seconds is None:
            return
        self._notice.write()
        self._end_hang(process, f"no step for {seconds:.0f} s")

    def _end_hang(self, process: TrainingProcess, reason: str) -> None:
        print_stacks(process.pid)
        self._require_working_gpus()
        if self._node.is_first and self._node.nodes > 1:
            # The end of this pod ends the others, which print their stacks once they see the notice.
            _wait_until_stopped(process, finish.VISIBLE_SECONDS)
        raise RetryableError(f"{reason}: a rank hangs; its stacks are above, and the next attempt resumes")

    def end_stopped(
        self, process: TrainingProcess, stop: GracefulStop, keep_checkpoints: Callable[[bool], None]
    ) -> int:
        """Ends a training that was told to stop on this or another node; returns its exit code."""
        self._checkpoints.owner.require()
        if self._node.is_first:
            stop.await_marker(keep_checkpoints)
        self._await_stop(process, stop.grace_seconds)
        return EXIT_STOPPED

    def _await_stop(self, process: TrainingProcess, grace_seconds: float = 0.0) -> None:
        """Waits until this pod is told to stop, too: the first of its group that ends decides what becomes of it."""
        if self._node.nodes > 1:
            _wait_until_stopped(process, finish.VISIBLE_SECONDS + grace_seconds)

    def explain_failure(self, process: TrainingProcess) -> None:
        """Raises the error that the end of the training process tells; returns if its cause is unknown.

        Raises NoAnswerError for a store that hangs.
        """
        self._checkpoints.owner.require()
        if process.was_stopped:
            return
        run = self._checkpoints.run
        has_saved = call_store(run, self._has_saved, _EXPLAIN_SECONDS)
        cause = find_cause(
            process.error_output.read_end(),
            has_started=self._has_started,
            has_saved=has_saved,
            probe_store=lambda: call_store(run, lambda: probe_writing(run), _EXPLAIN_SECONDS),
        )
        if isinstance(cause, InputError):
            raise cause
        self._require_working_gpus()
        if cause:
            raise cause
        # One that knows the cause comes first.
        self._await_stop(process)

    def _has_saved(self) -> bool:
        return self._checkpoints.find_resumable() not in (None, self._former_checkpoint)

    def _require_working_gpus(self) -> None:
        if self._on_gpu:
            require_working_gpu(self._node.processes or 1)


def _wait_until_stopped(process: TrainingProcess, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not process.was_stopped:
        time.sleep(POLL_SECONDS)
