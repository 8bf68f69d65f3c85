"""Forwards a run's losses to the tracker that its stack has chosen. Nothing here can stop a training."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mixcpt_store.loss_log import is_finite_number, read_loss_log

_INTERVAL_SECONDS = 10.0
_RETRY_SECONDS = 60.0
# The names that transformers gives its trackers, by the key in the log.
_METRICS = {"loss": "train/loss", "eval_loss": "eval/loss", "lr": "train/learning_rate"}


@dataclass(frozen=True)
class Point:
    step: int
    name: str
    value: float


class Tracker(Protocol):
    """One run of a tracker for one training run, whatever the number of attempts. Each method may raise anything."""

    def open_run(self) -> dict[str, int]:
        """Creates the tracker's run or finds it, and returns the last step of each metric that it has."""

    def send(self, points: list[Point]) -> None: ...

    def finish(self, *, succeeded: bool) -> None:
        """Marks the tracker's run as finished, or as failed until another attempt opens it."""


class TrackerFeed:
    """Sends each step of each metric once, also if the run repeats steps after a restart.

    The tracker itself knows what it has, so that points are sent later which it did not take, or which were logged
    before it was chosen.
    """

    def __init__(
        self,
        run: Path,
        tracker: Tracker,
        *,
        name: str,
        clock: Callable[[], float] = time.monotonic,
        report: Callable[[str], None] = print,
    ) -> None:
        self._run = run
        self._tracker = tracker
        self._name = name
        self._clock = clock
        self._report = report
        self._next = clock()
        self._last_steps: dict[str, int] | None = None
        self._failed = False

    def forward(self, ended: bool) -> None:
        """Sends what the log has got since the previous call, at most every ten seconds; at once if training ended."""
        if ended or self._clock() >= self._next:
            self._try(self._send_new_points)

    def finish(self, *, succeeded: bool) -> None:
        """Sends what is missing and ends the tracker's run."""
        self._try(self._send_new_points)
        if self._failed:
            self._report(f"{self._name}: some losses are not there; they are sent if the run is submitted again")
        else:
            self._try(lambda: self._tracker.finish(succeeded=succeeded))

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # Whatever a tracker's library raises, the training goes on.
            if not self._failed:
                reason = " ".join(str(error).split()) or type(error).__name__
                self._report(f"{self._name}: {reason}; training goes on, and the losses are sent later")
            self._failed, self._last_steps = True, None
        else:
            self._failed = False
        self._next = self._clock() + (_RETRY_SECONDS if self._failed else _INTERVAL_SECONDS)

    def _send_new_points(self) -> None:
        points = read_points(self._run)
        if not points:
            return
        if self._last_steps is None:
            self._last_steps = self._tracker.open_run()
        last_steps = self._last_steps
        new = [point for point in points if point.step > last_steps.get(point.name, -1)]
        if new:
            self._tracker.send(new)
            last_steps.update({point.name: point.step for point in new})


def read_points(run: Path) -> list[Point]:
    """Reads the points of a run in the order of their steps, each once."""
    points = {
        (entry["current_steps"], name): Point(entry["current_steps"], name, float(entry[key]))
        for entry in read_loss_log(run)
        for key, name in _METRICS.items()
        if is_finite_number(entry.get(key))
    }
    return sorted(points.values(), key=lambda point: point.step)
