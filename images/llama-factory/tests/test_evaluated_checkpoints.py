"""A run ends with the checkpoints that its spec evaluates, with a stub of mixcpt-trainer."""

import json
from pathlib import Path

from training_fixture import Final, run_training

from mixcpt_store.complete import is_complete


def test_saves_an_evaluated_checkpoint_between_two_regular_ones(store: Path) -> None:
    code, _, errors = run_training(store, {"max_steps": 10, "save_steps": 5}, final=7)
    assert (code, errors) == (0, "")
    assert is_complete(store / "run" / "checkpoint-7")


def test_links_the_last_checkpoint(store: Path) -> None:
    code, _, errors = run_training(store, {"max_steps": 10, "save_steps": 5}, final="last")
    assert (code, errors) == (0, "")
    assert (store / "run" / "checkpoint-last").resolve() == (store / "run" / "checkpoint-10").resolve()
    assert is_complete(store / "run" / "checkpoint-last")


def test_fails_if_no_checkpoint_was_saved(store: Path) -> None:
    code, _, errors = run_training(store, {"max_steps": 10, "save_steps": 50}, final="last")
    assert (code, is_complete(store / "run")) == (2, False)
    assert "ended without checkpoint-last" in errors


def test_a_run_without_its_final_checkpoint_names_the_saved_ones(store: Path) -> None:
    code, _, errors = run_training(store, {"max_steps": 10, "save_steps": 5}, final=12)
    assert code == 2
    assert "without checkpoint-12" in errors
    assert "checkpoint-5, checkpoint-10" in errors


def test_a_run_that_stops_early_is_complete_and_its_progress_ends_at_the_stop(store: Path) -> None:
    plan: Final = {"steps": [2, 6], "stop": True}
    code, output, errors = run_training(store, {"max_steps": 10, "save_steps": 2}, final=plan)
    assert (code, errors) == (0, "")
    assert json.loads((store / "run" / "COMPLETE").read_text()) == {"checkpoint": "checkpoint-6", "stopAfter": 6}
    last = [json.loads(line) for line in output.splitlines() if line.startswith("{")][-1]
    assert (last["done"], last["total"]) == (6, 6)
    assert not (store / "run" / "checkpoint-8").exists()


def test_keeps_the_evaluated_checkpoints_and_the_newest_two(store: Path) -> None:
    plan: Final = {"steps": [4, 10]}
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2, "step_seconds": 0.7}
    code, output, errors = run_training(store, recipe, final=plan)
    assert (code, errors) == (0, "")
    kept = sorted(path.name for path in (store / "run").glob("checkpoint-*"))
    assert kept == ["checkpoint-10", "checkpoint-4", "checkpoint-8"]
    assert "checkpoint-2: removed, because two newer checkpoints can be resumed" in output
    assert not (store / "run" / "checkpoint-4" / "optimizer.pt").exists()
    assert (store / "run" / "checkpoint-4" / "model.safetensors").exists()


def test_an_incomplete_final_checkpoint_is_retryable(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 5, "unwritten": ["optimizer.pt"]}
    code, _, errors = run_training(store, recipe, final=10)
    assert (code, is_complete(store / "run")) == (1, False)
    assert errors == (
        f"mixcpt-train: {store}/run/checkpoint-10 is incomplete although training has ended; "
        "the next attempt trains it again\n"
    )


def test_waits_for_a_file_of_another_node_that_becomes_visible_late(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 5, "late": "optimizer.pt"}
    code, _, errors = run_training(store, recipe, final=10, setup="finish.VISIBLE_SECONDS = 120")
    assert (code, errors) == (0, "")
    assert is_complete(store / "run" / "checkpoint-10")
    assert is_complete(store / "run")
