"""The supervisor removes checkpoints, whenever it is killed, without losing one that is still needed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkpoint_fixture import write_checkpoint, write_marked_checkpoints, write_zero3_checkpoint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixcpt_store.complete import is_complete, mark_complete
from mixcpt_train.checkpoint_files import EXTRA_FILE, find_missing_files
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.run_spec import CheckpointPlan

SCORED = CheckpointPlan((10,))


def _write_run(run: Path, *steps: int) -> Checkpoints:
    write_marked_checkpoints(run, *steps)
    return Checkpoints(run, world_size=1)


def _list_steps(run: Path) -> list[int]:
    return [int(path.name.split("-")[1]) for path in Checkpoints(run).list_folders()]


def test_keeps_the_two_newest_and_the_weights_of_evaluated_ones(tmp_path: Path) -> None:
    _write_run(tmp_path, 5, 10, 15, 20, 25).prune(SCORED)
    assert _list_steps(tmp_path) == [10, 20, 25]
    scored = tmp_path / "checkpoint-10"
    assert is_complete(scored)
    assert find_missing_files(scored, weights_only=True, deepspeed=False, world_size=1) == []
    assert {path.name for path in scored.iterdir()} == {
        "COMPLETE",
        "config.json",
        "model.safetensors",
        "trainer_state.json",
    }


def test_keeps_the_weights_of_all_if_the_plan_says_so(tmp_path: Path) -> None:
    checkpoints = _write_run(tmp_path, 5, 10, 15, 20)
    assert len(checkpoints.prune(CheckpointPlan((10,), keeps_weights=True))) == 2
    assert _list_steps(tmp_path) == [5, 10, 15, 20]
    assert not (tmp_path / "checkpoint-5" / "optimizer.pt").exists()
    assert (tmp_path / "checkpoint-5" / "model.safetensors").exists()


def test_keeps_the_weights_of_all_in_a_run_that_is_linked_under_another_name(tmp_path: Path) -> None:
    _write_run(tmp_path / "old", 5, 10, 15, 20)
    (tmp_path / "new").symlink_to("old")
    Checkpoints(tmp_path / "new", world_size=1).prune(CheckpointPlan((20,)))
    assert _list_steps(tmp_path / "old") == [5, 10, 15, 20]
    assert (tmp_path / "old" / "checkpoint-5" / "model.safetensors").exists()


def test_drops_the_optimizer_shares_of_all_ranks(tmp_path: Path) -> None:
    for step in (10, 20, 30):
        mark_complete(write_zero3_checkpoint(tmp_path / f"checkpoint-{step}", ranks=2))
    Checkpoints(tmp_path, deepspeed=True, world_size=2).prune(SCORED)
    assert not (tmp_path / "checkpoint-10" / "global_step10").exists()
    assert (tmp_path / "checkpoint-10" / "model.safetensors").exists()


def test_keeps_older_ones_until_two_newer_can_be_resumed(tmp_path: Path) -> None:
    checkpoints = _write_run(tmp_path, 5, 15, 20)
    (tmp_path / "checkpoint-20" / "optimizer.pt").unlink()
    assert checkpoints.prune(SCORED) == []
    assert checkpoints.find_resumable() == tmp_path / "checkpoint-15"


def _add_extra(run: Path, *steps: int) -> Checkpoints:
    """Adds checkpoints that were saved because the training was told to stop."""
    for step in steps:
        folder = write_checkpoint(run / f"checkpoint-{step}")
        (folder / EXTRA_FILE).touch()
        mark_complete(folder)
    return Checkpoints(run, world_size=1)


def test_one_saved_to_stop_is_resumed_and_takes_the_place_of_no_other_at_the_end(tmp_path: Path) -> None:
    _write_run(tmp_path, 5, 10)
    _add_extra(tmp_path, 11).prune(SCORED)
    assert Checkpoints(tmp_path, world_size=1).find_start(CheckpointPlan((15,))) == tmp_path / "checkpoint-11"
    _add_extra(tmp_path, 12).prune(SCORED)
    assert _list_steps(tmp_path) == [10, 12]
    _write_run(tmp_path, 15).prune(SCORED)
    assert _list_steps(tmp_path) == [10, 15]


@pytest.mark.parametrize("plan", [SCORED, CheckpointPlan((10,), keeps_weights=True)])
def test_one_saved_to_stop_leaves_nothing_behind(tmp_path: Path, plan: CheckpointPlan) -> None:
    _add_extra(tmp_path, 3)
    _write_run(tmp_path, 10).prune(plan)
    assert _list_steps(tmp_path) == [10]


def test_keeps_two_saved_to_stop_where_there_is_no_other(tmp_path: Path) -> None:
    _add_extra(tmp_path, 2, 3, 4).prune(SCORED)
    assert _list_steps(tmp_path) == [3, 4]


def test_keeps_one_saved_to_stop_that_is_evaluated(tmp_path: Path) -> None:
    _add_extra(tmp_path, 10)
    _write_run(tmp_path, 15, 20).prune(SCORED)
    assert _list_steps(tmp_path) == [10, 15, 20]


def _run_to_end(run: Path, plan: CheckpointPlan, every: int, extras: set[int]) -> set[str]:
    """Saves the steps that the recipe and the plan ask for, and some to stop. Returns the files that stay."""
    shutil.rmtree(run, ignore_errors=True)
    for step in range(1, 13):
        if step % every == 0 or step in plan.steps or step == 12:
            _write_run(run, step).prune(plan)
        elif step in extras:
            _add_extra(run, step).prune(plan)
    return {path.relative_to(run).as_posix() for path in run.rglob("*") if path.name != EXTRA_FILE}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    every=st.integers(2, 13),
    extras=st.sets(st.integers(1, 11), min_size=1),
    evaluated=st.sets(st.integers(1, 12), min_size=1, max_size=3),
    keeps_weights=st.booleans(),
)
def test_stops_change_nothing_that_a_run_keeps_at_its_end(
    tmp_path: Path, every: int, extras: set[int], evaluated: set[int], keeps_weights: bool
) -> None:
    plan = CheckpointPlan(tuple(sorted(evaluated)), keeps_weights=keeps_weights)
    assert _run_to_end(tmp_path / "run", plan, every, extras) == _run_to_end(tmp_path / "run", plan, every, set())


def test_repeats_without_a_change(tmp_path: Path) -> None:
    checkpoints = _write_run(tmp_path, 5, 10, 15, 20)
    assert checkpoints.prune(SCORED) == [tmp_path / "checkpoint-5", tmp_path / "checkpoint-10"]
    assert checkpoints.prune(SCORED) == []


def test_keeps_the_newest_from_which_an_evaluated_one_can_still_be_reached(tmp_path: Path) -> None:
    checkpoints = _write_run(tmp_path, 5, 8, 12, 15, 20)
    write_checkpoint(tmp_path / "checkpoint-10")
    plan = CheckpointPlan((8, 10, 20))
    assert checkpoints.prune(plan) == [tmp_path / "checkpoint-5", tmp_path / "checkpoint-12"]
    assert checkpoints.find_start(plan) == tmp_path / "checkpoint-8"
    mark_complete(tmp_path / "checkpoint-10")
    checkpoints.prune(plan)
    assert not (tmp_path / "checkpoint-8" / "optimizer.pt").exists()


class _KilledError(Exception):
    """Stands for SIGKILL: nothing after it runs."""


def _is_killed(removals: int, act: Callable[[], object]) -> bool:
    """Runs `act` until it has removed so many files and folders. Returns True if it was killed before its end."""
    left = removals

    def count(remove: Any) -> Any:
        def remove_or_die(*arguments: Any, **keys: Any) -> None:
            nonlocal left
            if left == 0:
                raise _KilledError
            left -= 1
            remove(*arguments, **keys)

        return remove_or_die

    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("unlink", "rmdir"):
            monkeypatch.setattr(os, name, count(getattr(os, name)))
        try:
            act()
        except _KilledError:
            return True
    return False


def _damage(checkpoint: Path, name: str | None) -> None:
    if name is not None:
        (checkpoint / name).unlink()


def _find_expected_start(finished: list[int], evaluated: set[int]) -> int | None:
    """Returns the newest finished step before the first evaluated one that is not finished."""
    unfinished = min(evaluated.difference(finished), default=None)
    return max((step for step in finished if unfinished is None or step < unfinished), default=None)


FILES = st.sampled_from([None, None, None, "optimizer.pt", "rng_state.pth", "model.safetensors"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damages=st.lists(FILES, min_size=2, max_size=8),
    evaluated=st.sets(st.integers(1, 8), min_size=1),
    kills=st.lists(st.integers(0, 12), min_size=8, max_size=8),
    keeps_weights=st.booleans(),
)
def test_no_kill_loses_the_newest_whole_checkpoint_an_evaluated_one_or_the_way_to_one(
    tmp_path: Path, damages: list[str | None], evaluated: set[int], kills: list[int], keeps_weights: bool
) -> None:
    """Each attempt writes a checkpoint, perhaps an unfinished one, and is killed while it removes others."""
    run = tmp_path / "run"
    shutil.rmtree(run, ignore_errors=True)
    plan = CheckpointPlan(tuple(sorted(evaluated)), keeps_weights=keeps_weights)
    finished: list[int] = []
    for step, (damage, kill) in enumerate(zip(damages, kills, strict=False), start=1):
        checkpoints = Checkpoints(run, world_size=1)
        if _is_killed(kill, checkpoints.remove_incomplete):
            continue
        _damage(write_checkpoint(run / f"checkpoint-{step}"), damage)
        finished += [step] if checkpoints.mark_finished(training_ended=True) else []
        _is_killed(kill, lambda: checkpoints.prune(plan))  # noqa: B023  # called at once
        newest = checkpoints.find_resumable()
        assert newest == (run / f"checkpoint-{finished[-1]}" if finished else None)
        start = _find_expected_start(finished, evaluated)
        assert checkpoints.find_start(plan) == (run / f"checkpoint-{start}" if start else None)
        for scored in evaluated.intersection(finished):
            folder = run / f"checkpoint-{scored}"
            assert is_complete(folder)
            assert find_missing_files(folder, weights_only=True, deepspeed=False, world_size=1) == []
    checkpoints = Checkpoints(run, world_size=1)
    checkpoints.remove_incomplete()
    checkpoints.prune(plan)
    start = _find_expected_start(finished, evaluated)
    needed = {*finished[-2:], *evaluated.intersection(finished), *([start] if start else [])}
    assert set(_list_steps(run)) == (set(finished) if keeps_weights else needed)
