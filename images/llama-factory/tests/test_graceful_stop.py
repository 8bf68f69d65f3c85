"""What the supervisor does when its pod is told to stop, with files in place of ranks and a clock."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkpoint_fixture import write_checkpoint, write_marked_checkpoints, write_safetensors

from mixcpt_store.complete import is_complete
from mixcpt_train import graceful_stop
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.graceful_stop import GracefulStop, build_graceful_stop
from mixcpt_train.run_spec import CheckpointPlan
from mixcpt_train.stop_decision import SaveTime, estimate_save
from mixcpt_train.stop_files import Pace, StopFiles, TrainingEnd
from mixcpt_train.training_process import build_checkpoint_keeper

ESTIMATE = SaveTime(20.0, "an estimate")


class _Supervisor:
    def __init__(self, run: Path, grace_seconds: float = 60.0) -> None:
        self.now = 1000.0
        self.checkpoints = Checkpoints(run, world_size=1)
        scratch = run / "scratch"
        scratch.mkdir()
        self.files = StopFiles(scratch)
        self.stop = GracefulStop(self.checkpoints, scratch, grace_seconds, ESTIMATE, clock=lambda: self.now)


@pytest.fixture
def supervisor(tmp_path: Path) -> _Supervisor:
    return _Supervisor(tmp_path)


def test_asks_the_ranks_to_save_if_step_and_save_fit(
    supervisor: _Supervisor, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor.files.write_pace(Pace(step_seconds=10, save_seconds=30))
    assert supervisor.stop.begin()
    request = supervisor.files.read_request()
    assert request is not None
    assert request.deadline == 1057
    assert capfd.readouterr().out == (
        "told to stop: saving a checkpoint at the end of this step: it would take 52 s until one is complete "
        "(as the last save took), and 57 s of the grace are left\n"
    )


@pytest.mark.parametrize(
    ("pace", "marking", "reason"),
    [
        (Pace(16, 30), 0, "it would take 58 s until one is complete (as the last save took)"),
        (Pace(10, 30), 6, "it would take 58 s until one is complete (as the last save took)"),
        (Pace(28, None), 0, "it would take 58 s until one is complete (an estimate)"),
        (None, 0, "this attempt has not ended its first step: there is nothing to save"),
    ],
)
def test_ends_at_once_if_it_does_not_fit(
    supervisor: _Supervisor, capfd: pytest.CaptureFixture[str], pace: Pace | None, marking: float, reason: str
) -> None:
    supervisor.checkpoints.marking_seconds = marking
    if pace:
        supervisor.files.write_pace(pace)
    assert not supervisor.stop.begin()
    assert supervisor.files.read_request() is None
    assert reason in capfd.readouterr().out


def test_ends_at_once_if_no_checkpoint_of_the_recipe_can_be_resumed(
    supervisor: _Supervisor, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor.checkpoints.weights_only = True
    supervisor.files.write_pace(Pace(1, 1))
    assert not supervisor.stop.begin()
    assert "ending without a checkpoint: save_only_model leaves out what a resume needs" in capfd.readouterr().out


def test_ends_at_once_if_the_ranks_cannot_be_asked(
    supervisor: _Supervisor, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    supervisor.files.write_pace(Pace(1, 1))
    (tmp_path / "scratch" / "request").mkdir()
    assert not supervisor.stop.begin()
    assert "told to stop: ending without a checkpoint: [Errno 21] Is a directory" in capfd.readouterr().out


def test_ends_at_once_at_a_second_signal(supervisor: _Supervisor) -> None:
    supervisor.files.write_pace(Pace(1, 1))
    assert [supervisor.stop.begin(), supervisor.stop.begin()] == [True, False]


def test_ends_at_once_where_nothing_says_how_long_the_grace_is(tmp_path: Path) -> None:
    stop = build_graceful_stop(Checkpoints(tmp_path), tmp_path, None, tmp_path, {})
    StopFiles(tmp_path / "stop").write_pace(Pace(0.1, 0.1))
    assert not stop.begin()
    assert stop.seconds_left is None


def test_the_grace_ends_before_the_kubelet_kills_the_pod(supervisor: _Supervisor) -> None:
    supervisor.files.write_pace(Pace(1, 1))
    supervisor.now += 500
    supervisor.stop.begin()
    over = []
    for _ in range(60):
        supervisor.now += 1
        over.append(supervisor.stop.is_over())
    assert over.index(True) == 57


def test_ranks_that_do_not_exit_after_their_end_are_ended(supervisor: _Supervisor) -> None:
    supervisor.files.note_end(TrainingEnd(5))
    assert not supervisor.stop.is_over()
    supervisor.now += 11
    assert supervisor.stop.is_over()


def test_a_training_that_reaches_its_end_in_the_grace_has_not_been_ended(supervisor: _Supervisor) -> None:
    supervisor.files.write_pace(Pace(1, 1))
    supervisor.stop.begin()
    assert [supervisor.stop.has_ended(code) for code in (0, 143)] == [False, True]


def _keep(checkpoints: Checkpoints) -> Callable[[bool], None]:
    return build_checkpoint_keeper(checkpoints, CheckpointPlan((20,)))


def test_waits_for_files_of_other_nodes_before_it_marks(
    supervisor: _Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-7")
    late = folder / "rng_state.pth"
    hidden = late.rename(tmp_path / "hidden")
    supervisor.files.note_end(TrainingEnd(7))

    def show_late_file(_seconds: float) -> None:
        if hidden.exists():
            hidden.rename(late)

    monkeypatch.setattr(time, "sleep", show_late_file)
    supervisor.stop.await_marker(_keep(supervisor.checkpoints))
    assert is_complete(folder)


def test_a_checkpoint_that_lacks_a_file_at_the_end_of_the_grace_is_not_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = _Supervisor(tmp_path, grace_seconds=0.2)
    folder = write_checkpoint(tmp_path / "checkpoint-7")
    (folder / "rng_state.pth").unlink()
    supervisor.files.note_end(TrainingEnd(7))
    monkeypatch.setattr(graceful_stop, "_MARKER_POLL_SECONDS", 0.01)
    supervisor.stop.await_marker(_keep(supervisor.checkpoints))
    assert not is_complete(folder)
    assert "checkpoint-7 may have no marker, and is not resumed without one" in capsys.readouterr().out


def test_a_marked_checkpoint_is_not_reported_as_unmarked_when_the_grace_is_over(
    supervisor: _Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_marked_checkpoints(tmp_path, 7)
    answer = os.stat

    def answer_slowly(*arguments: Any, **options: Any) -> os.stat_result:
        time.sleep(0.05)
        return answer(*arguments, **options)

    monkeypatch.setattr(os, "stat", answer_slowly)
    supervisor.files.write_pace(Pace(1, 1))
    supervisor.stop.begin()
    supervisor.files.note_end(TrainingEnd(7))
    supervisor.now += 60
    supervisor.stop.await_marker(_keep(supervisor.checkpoints))
    assert capsys.readouterr().out == ""


def test_estimates_a_save_from_the_times_of_an_earlier_one(tmp_path: Path) -> None:
    write_marked_checkpoints(tmp_path, 5)
    folder = tmp_path / "checkpoint-5"
    for path in folder.iterdir():
        os.utime(path, (100, 100))
    os.utime(folder / "optimizer.pt", (142, 142))
    os.utime(folder / "COMPLETE", (500, 500))
    assert estimate_save(folder, tmp_path).seconds == 42


def test_estimates_a_first_save_from_the_weights_of_the_model(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "model.safetensors", size=634_000)
    assert estimate_save(None, tmp_path).seconds == pytest.approx(0.007, rel=0.01)
