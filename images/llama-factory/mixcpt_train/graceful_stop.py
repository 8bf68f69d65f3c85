"""Ends a training whose pod is told to stop: with a checkpoint if its grace is long enough, or else at once."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mixcpt_store.complete import is_complete
from mixcpt_store.store_calls import NoAnswerError, call_store
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.stop_decision import SaveTime, TimeNeeded, choose_save_time, describe_need, estimate_save
from mixcpt_train.stop_files import ESTIMATE_VARIABLE, STOP_VARIABLE, StopFiles, StopRequest

# The pod's terminationGracePeriodSeconds (jobs/kube/trainingRuntime.ts): nothing else says when the kubelet kills.
GRACE_VARIABLE = "MIXCPT_GRACE_SECONDS"
EXIT_STOPPED = 128 + signal.SIGTERM
# This process ends itself so long before the kubelet kills it.
_RESERVE_SECONDS = 3.0
# The communication library may hang at the exit of ranks whose files are all written.
_RANK_EXIT_SECONDS = 10.0
_MARKER_POLL_SECONDS = 1.0


class GracefulStop:
    """The part of a node's supervisor. `folder` is on the node's own disk."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        folder: Path,
        grace_seconds: float,
        estimate: SaveTime,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checkpoints = checkpoints
        self._files = StopFiles(folder)
        self.grace_seconds = grace_seconds
        self._estimate = estimate
        self._clock = clock
        self._deadline: float | None = None
        self._must_exit_by: float | None = None
        self.variables = {
            STOP_VARIABLE: str(folder),
            ESTIMATE_VARIABLE: json.dumps({"seconds": estimate.seconds, "source": estimate.source}),
        }

    def begin(self) -> bool:
        """Asks the ranks to save and end; returns False if the training is to end at once. Says so either way.

        The second time this is called, the grace has been shortened, and nothing tells by how much.
        """
        if self._deadline is not None:
            return False
        if self.grace_seconds == 0:
            return _refuse(f"ending without a checkpoint: {GRACE_VARIABLE}, the seconds that are left, is not set")
        self._deadline = self._clock() + self.grace_seconds - _RESERVE_SECONDS
        try:
            return self._ask_for_checkpoint(self._deadline)
        except OSError as error:  # such as a full disk, for which nodes are drained
            return _refuse(f"ending without a checkpoint: {error}")

    def _ask_for_checkpoint(self, deadline: float) -> bool:
        if self._checkpoints.weights_only:
            return _refuse("ending without a checkpoint: save_only_model leaves out what a resume needs")
        pace = self._files.read_pace()
        if pace is None:
            return _refuse("this attempt has not ended its first step: there is nothing to save")
        save, left = choose_save_time(pace, self._estimate), deadline - self._clock()
        marking = self._checkpoints.marking_seconds
        needed = TimeNeeded(save, pace.step_seconds, marking).total
        need = describe_need(needed, left, save.source)
        if needed > left:
            return _refuse(f"ending without a checkpoint: {need}")
        self._files.ask(StopRequest(deadline, marking))
        _tell(f"saving a checkpoint at the end of this step: {need}")
        return True

    @property
    def seconds_left(self) -> float | None:
        """Seconds of the grace; None while this pod is not told to stop."""
        return None if self._deadline is None else max(0.0, self._deadline - self._clock())

    @property
    def has_saved(self) -> bool:
        """True once the ranks have ended with a checkpoint."""
        end = self._files.read_end()
        return end is not None and end.saved_step is not None

    def is_over(self) -> bool:
        """Returns True if the ranks must be ended: the grace is over, or they have not exited after their end."""
        now = self._clock()
        if self._must_exit_by is None and self._files.read_end():
            self._must_exit_by = now + _RANK_EXIT_SECONDS
        return any(limit is not None and now > limit for limit in (self._deadline, self._must_exit_by))

    def has_ended(self, code: int) -> bool:
        """Returns True if the training has ended because this or another pod of its group was told to stop.

        One that has reached its end all the same has not.
        """
        return self._files.read_end() is not None or (self._deadline is not None and code != 0)

    def await_marker(self, keep_checkpoints: Callable[[bool], None]) -> None:
        """Marks the saved checkpoint once all files that other nodes have written are visible on this one."""
        end = self._files.read_end()
        if end is None or end.saved_step is None:
            return
        checkpoint = self._checkpoints.find_final(end.saved_step)
        left = self.grace_seconds if self.seconds_left is None else self.seconds_left
        # It is often marked by now, and its checksums have taken what was left.
        seconds = max(left, _MARKER_POLL_SECONDS)
        try:
            call_store(checkpoint, lambda: _keep_until_complete(checkpoint, keep_checkpoints), seconds)
        except NoAnswerError:
            print(f"{checkpoint.name} may have no marker, and is not resumed without one", flush=True)


def _keep_until_complete(checkpoint: Path, keep_checkpoints: Callable[[bool], None]) -> None:
    while not is_complete(checkpoint):
        time.sleep(_MARKER_POLL_SECONDS)
        keep_checkpoints(True)


def _refuse(reason: str) -> bool:
    _tell(reason)
    return False


def _tell(what: str) -> None:
    """Prints a line in a handler of a signal, which may have come while this process was printing another."""
    os.write(1, f"told to stop: {what}\n".encode())


def build_graceful_stop(
    checkpoints: Checkpoints, model: Path, start: Path | None, scratch: Path, environment: Mapping[str, str]
) -> GracefulStop:
    """Builds the stop of an attempt that resumes from `start`. Without a known grace it ends at once."""
    folder = scratch / "stop"
    folder.mkdir()
    grace_seconds = float(environment.get(GRACE_VARIABLE, "0"))
    return GracefulStop(checkpoints, folder, grace_seconds, estimate_save(start, model))
