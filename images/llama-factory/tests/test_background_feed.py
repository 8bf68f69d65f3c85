"""A tracker that hangs delays neither the polls of a training nor its end for long."""

import json
import threading
from pathlib import Path

import pytest

from mixcpt_train.background_feed import BackgroundFeed
from mixcpt_train.tracker import Point


class HangingTracker:
    def __init__(self) -> None:
        self.answers = threading.Event()
        self.thread_names: set[str] = set()

    def open_run(self) -> dict[str, int]:
        self.thread_names.add(threading.current_thread().name)
        self.answers.wait()
        raise ConnectionError("reset by peer")

    def send(self, points: list[Point]) -> None: ...

    def finish(self, *, succeeded: bool) -> None: ...


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "trainer_log.jsonl").write_text(json.dumps({"current_steps": 2, "loss": 5.0}) + "\n")
    return tmp_path


def _build_feed(run: Path, tracker: HangingTracker, seconds: float) -> BackgroundFeed:
    return BackgroundFeed(run, tracker, name="MLflow", last_losses_seconds=seconds, finish_seconds=seconds)


def test_marks_checkpoints_and_ends_while_a_tracker_hangs(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker, polls = HangingTracker(), []
    feed = _build_feed(run, tracker, seconds=0.1)
    poll = feed.add_to(polls.append)
    for ended in (False, False, True):
        poll(ended)
    feed.finish(succeeded=True)
    assert polls == [False, False, True]
    assert len(tracker.thread_names) == 1
    assert capsys.readouterr().out == "MLflow: hangs; the losses are sent if the run is submitted again\n"
    tracker.answers.set()


def test_prints_a_trackers_problem_at_a_later_poll(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker = HangingTracker()
    feed = _build_feed(run, tracker, seconds=120)
    feed.forward(ended=False)
    assert capsys.readouterr().out == ""
    tracker.answers.set()
    feed.forward(ended=True)
    assert capsys.readouterr().out == "MLflow: reset by peer; training goes on, and the losses are sent later\n"


def test_starts_no_thread_without_a_tracker(run: Path) -> None:
    threads = set(threading.enumerate())
    feed = BackgroundFeed(run)
    feed.forward(ended=True)
    feed.finish(succeeded=True)
    assert set(threading.enumerate()) <= threads, "those of earlier tests may end meanwhile"
