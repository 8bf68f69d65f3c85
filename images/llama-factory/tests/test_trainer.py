"""The Trainer's callback saves and stops at the steps of the attempt, with a stub of transformers."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mixcpt_train import trainer
from mixcpt_train.attempt import Attempt
from mixcpt_train.plan_check import require_same_plan
from mixcpt_train.trainer import SIGN_VARIABLE, build_callback, build_checkpoint_variable

ATTEMPT = Attempt(start=Path("/store/run/checkpoint-2"), stop_after=9, saved=(3, 9), kept=(6,))


@dataclass
class _Control:
    should_save: bool
    should_training_stop: bool = False


@pytest.fixture
def callback(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(TrainerCallback=object))
    return build_callback(build_checkpoint_variable(ATTEMPT))


def _saves(react: Callable[..., None], step: int, *, saves: bool) -> bool:
    control = _Control(saves)
    react(None, SimpleNamespace(global_step=step), control)
    return control.should_save


def test_saves_regular_and_evaluated_steps_but_none_that_is_kept(callback: Any) -> None:
    assert [_saves(callback.on_step_end, step, saves=step % 2 == 0) for step in (3, 4, 5, 6, 9)] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_shows_that_it_computes_at_each_part_of_a_step_and_each_batch_of_an_evaluation(
    tmp_path: Path, callback: Any
) -> None:
    sign = tmp_path / "sign"
    shown = build_callback({**build_checkpoint_variable(ATTEMPT), SIGN_VARIABLE: str(sign)})
    for event in (shown.on_step_end, shown.on_substep_end, shown.on_prediction_step):
        event(None, SimpleNamespace(global_step=1), _Control(should_save=False))
        assert sign.exists()
        sign.unlink()
    callback.on_prediction_step(None, SimpleNamespace(global_step=1), _Control(should_save=False))
    assert list(tmp_path.iterdir()) == []


def test_an_epoch_that_ends_at_a_kept_step_does_not_save_it_either(callback: Any) -> None:
    assert not _saves(callback.on_epoch_end, 6, saves=True)
    assert _saves(callback.on_epoch_end, 8, saves=True)


def _build_plan(start: str | None) -> str:
    attempt = Attempt(Path("/store/run") / start if start else None, stop_after=9, saved=(9,), kept=())
    (plan,) = build_checkpoint_variable(attempt).values()
    return plan


@pytest.mark.parametrize("start", [None, "checkpoint-1"])
def test_no_rank_takes_a_step_if_a_node_has_not_seen_the_newest_checkpoint(start: str | None) -> None:
    plans = [_build_plan("checkpoint-2"), _build_plan(start)]
    numbers: list[float] = []

    def note(_args: Any, number: float, _same: float) -> tuple[float, float]:
        numbers.append(number)
        return number, number

    for plan in plans:
        require_same_plan(None, plan, agree=note)
    for plan in plans:
        with pytest.raises(RuntimeError, match="planned different attempts"):
            require_same_plan(None, plan, agree=lambda *_: (min(numbers), max(numbers)))


def test_one_process_alone_has_nothing_to_compare(callback: Any) -> None:
    callback.on_train_begin(SimpleNamespace(world_size=1), None, None)


@pytest.mark.parametrize("error", [SystemExit("no such dataset"), RuntimeError("planned different attempts")])
def test_a_training_that_ends_early_leaves_its_group_before_python_ends(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    left: list[BaseException | None] = []
    register = SimpleNamespace(register_package=lambda *_: None)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(serialization=register))
    monkeypatch.setitem(sys.modules, "transformers", SimpleNamespace(TrainerCallback=object))
    monkeypatch.setattr(trainer, "leave_group", left.append)

    def run_exp(**_: Any) -> None:
        raise error

    with pytest.raises(type(error)):
        trainer._run_training(run_exp)
    assert left == [error]


def test_stops_after_the_last_step_of_the_attempt(callback: Any) -> None:
    stops = []
    for step in (8, 9):
        control = _Control(should_save=False)
        callback.on_step_end(None, SimpleNamespace(global_step=step), control)
        stops.append(control.should_training_stop)
    assert stops == [False, True]
