"""What is a sign of life of a training, and how long it may be silent: by a clock that the test moves."""

import math
import os
import time
from pathlib import Path

import pytest

from mixcpt_train import hung_ranks
from mixcpt_train.hung_ranks import HangDetector


class Clock:
    """Both clocks of the module `time`, and the error output of a training that writes none unless told to."""

    def __init__(self) -> None:
        self.now = time.time()
        self.last_time = -math.inf

    def time(self) -> float:
        return self.now

    monotonic = time

    def touch(self, path: Path) -> None:
        """Changes a file now, and with it its folder."""
        path.touch()
        for each in (path, path.parent):
            os.utime(each, (self.now, self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(hung_ranks, "time", clock)
    return clock


def _build_detector(folder: Path, clock: Clock, silent_seconds: float) -> HangDetector:
    return HangDetector(folder, clock, folder / "sign", silent_seconds)  # type: ignore[arg-type]  # the stub above


def test_a_training_that_writes_a_checkpoint_or_pauses_often_does_not_hang(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "checkpoint-1").mkdir()
    detector = _build_detector(tmp_path, clock, 40)
    clock.now += 50
    clock.touch(tmp_path / "checkpoint-1" / "model.safetensors")
    assert detector.find_silence(has_logged=False) is None, "a file was written"
    clock.now += 499
    assert detector.find_silence(has_logged=False) is None, "the longest pause was a tenth of that"
    clock.now += 2
    assert detector.find_silence(has_logged=False) == 501


def test_a_training_that_logs_or_writes_error_output_does_not_hang(tmp_path: Path, clock: Clock) -> None:
    detector = _build_detector(tmp_path, clock, 40)
    clock.now += 50
    clock.last_time = clock.now
    assert detector.find_silence(has_logged=False) is None, "it has written error output"
    detector = _build_detector(tmp_path, clock, 40)
    clock.now += 50
    assert detector.find_silence(has_logged=True) is None, "it has logged a step"
    detector = _build_detector(tmp_path, clock, 40)
    clock.now += 50
    assert detector.find_silence(has_logged=False) == 50


def test_a_long_evaluation_is_no_hang_because_its_ranks_show_that_they_compute(tmp_path: Path, clock: Clock) -> None:
    detector = HangDetector(tmp_path / "empty", clock, tmp_path / "sign", 50)  # type: ignore[arg-type]
    for _ in range(4):
        clock.now += 30
        clock.touch(tmp_path / "sign")
        assert detector.find_silence(has_logged=False) is None
    clock.now += 299
    assert detector.find_silence(has_logged=False) is None
    clock.now += 2
    assert detector.find_silence(has_logged=False) == pytest.approx(301)
