"""What a rank does at the end of a step or save, with a stub of the Trainer's state, other ranks' news and a clock."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mixcpt_train.checkpoint_files import EXTRA_FILE
from mixcpt_train.saving_stop import SavingStop
from mixcpt_train.stop_decision import SaveTime
from mixcpt_train.stop_files import Pace, StopFiles, StopRequest, TrainingEnd

ESTIMATE = SaveTime(20.0, "an estimate")


@dataclass
class _Control:
    should_save: bool = False
    should_evaluate: bool = False


@dataclass
class _Rank:
    """One rank, at second `now` of a clock; the other ranks of its group have `others_left` seconds of grace."""

    folder: Path
    now: float = 1000.0
    others_left: float = math.inf
    files: StopFiles = field(init=False)
    stop: SavingStop = field(init=False)

    def __post_init__(self) -> None:
        self.files = StopFiles(self.folder)
        self.stop = SavingStop(self.files, ESTIMATE, clock=lambda: self.now, agree=self._agree)

    def _agree(self, _args: Any, left: float, needed: float) -> tuple[float, float]:
        return min(left, self.others_left), needed

    def _arguments(self) -> Any:
        return SimpleNamespace(local_process_index=0, process_index=0, output_dir=str(self.folder))

    def end_step(self, step: int, control: _Control | None = None, *, seconds: float = 2, kept: bool = False) -> bool:
        """Returns whether the Trainer saves after a step of some seconds."""
        control = control or _Control()
        self.now += seconds
        self.stop.end_step(self._arguments(), SimpleNamespace(global_step=step), control, is_kept=kept)
        return control.should_save

    def end_save(self, step: int, *, seconds: float = 10) -> None:
        self.now += seconds
        self.stop.end_save(self._arguments(), SimpleNamespace(global_step=step), _Control())

    def ask(self, seconds: float) -> None:
        self.files.ask(StopRequest(self.now + seconds))


@pytest.fixture
def rank(tmp_path: Path) -> _Rank:
    return _Rank(tmp_path)


def test_trains_on_while_no_pod_is_told_to_stop(rank: _Rank) -> None:
    assert [rank.end_step(step) for step in (1, 2)] == [False, False]
    rank.end_save(2)
    assert rank.files.read_end() is None


def test_saves_and_ends_after_the_step_in_which_its_pod_is_told_to_stop(rank: _Rank, tmp_path: Path) -> None:
    rank.end_step(1)
    rank.ask(60)
    assert rank.end_step(2)
    assert (tmp_path / "checkpoint-2" / EXTRA_FILE).exists()
    with pytest.raises(SystemExit):
        rank.end_save(2)
    assert rank.files.read_end() == TrainingEnd(2)


def test_saves_with_the_others_if_only_another_pod_is_told_to_stop(rank: _Rank) -> None:
    rank.others_left = 60
    assert rank.end_step(1)


def test_a_checkpoint_that_the_recipe_asks_for_is_no_extra_one(rank: _Rank, tmp_path: Path) -> None:
    rank.ask(60)
    assert rank.end_step(1, _Control(should_save=True))
    assert not (tmp_path / "checkpoint-1").exists()


def test_ends_after_a_regular_save_in_which_its_pod_is_told_to_stop(rank: _Rank) -> None:
    rank.end_step(5, _Control(should_save=True))
    rank.ask(3)
    with pytest.raises(SystemExit):
        rank.end_save(5, seconds=2)
    assert rank.files.read_end() == TrainingEnd(5)


def test_saves_the_next_step_where_the_checkpoint_of_this_one_is_kept(rank: _Rank) -> None:
    rank.ask(60)
    assert [rank.end_step(6, kept=True), rank.end_step(7)] == [False, True]


@pytest.mark.parametrize(("left", "saves"), [(30, False), (35, True)])
def test_without_a_measured_save_the_estimate_decides(rank: _Rank, left: float, saves: bool) -> None:
    """A save of 20 s may take 25, and its end 5."""
    rank.now += 2
    rank.ask(left - 2)
    if saves:
        assert rank.end_step(1)
    else:
        with pytest.raises(SystemExit):
            rank.end_step(1)
        assert rank.files.read_end() == TrainingEnd(None)


def test_the_last_save_decides_once_there_was_one(rank: _Rank, capsys: pytest.CaptureFixture[str]) -> None:
    rank.end_step(1)
    rank.end_save(1, seconds=80)
    assert rank.files.read_pace() == Pace(2, 80)
    rank.ask(60)
    with pytest.raises(SystemExit):
        rank.end_step(2)
    assert capsys.readouterr().out == (
        "ending without a checkpoint: it would take 105 s until one is complete (as the last save took), "
        "and 58 s of the grace are left\n"
    )


def test_a_step_with_an_evaluation_needs_the_time_that_the_last_one_took(rank: _Rank) -> None:
    rank.end_step(1, _Control(should_evaluate=True))
    rank.now += 15
    rank.stop.end_evaluation()
    rank.ask(50)
    assert rank.end_step(2, _Control(should_evaluate=True))


def test_an_evaluation_of_unknown_length_leaves_no_time_for_a_save(
    rank: _Rank, capsys: pytest.CaptureFixture[str]
) -> None:
    rank.ask(1000)
    with pytest.raises(SystemExit):
        rank.end_step(1, _Control(should_evaluate=True))
    assert capsys.readouterr().out == (
        "ending without a checkpoint: the evaluation of this step comes first, and none was measured yet\n"
    )


def test_a_disk_that_takes_no_pace_ends_no_training(rank: _Rank, tmp_path: Path) -> None:
    (tmp_path / "pace").mkdir()
    assert not rank.end_step(1)
