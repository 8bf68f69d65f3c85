"""A run that was killed or stopped continues from a checkpoint, with a stub of mixcpt-trainer."""

import json
import os
import signal
import subprocess
from pathlib import Path

import yaml
from checkpoint_fixture import write_checkpoint, write_marked_checkpoints
from training_fixture import Final, run_training, start_training
from wait_fixture import wait_until

from mixcpt_store.complete import is_complete, mark_complete


def test_resumes_from_the_marked_checkpoint_and_removes_the_unmarked_one(store: Path) -> None:
    mark_complete(write_checkpoint(store / "run" / "checkpoint-5"))
    write_checkpoint(store / "run" / "checkpoint-6")
    code, output, _ = run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert code == 0
    assert "resuming from checkpoint-5" in output
    assert "removed checkpoint-6" in output
    seen = yaml.safe_load((store / "run" / "seen.yaml").read_text())
    assert seen["resume_from_checkpoint"] == str(store / "run" / "checkpoint-5")


def test_resumes_after_supervisor_and_trainer_were_killed(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    process = start_training(store, {**recipe, "hang_at": 4}, final=10)
    wait_until(lambda: is_complete(store / "run" / "checkpoint-2"), process)
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    )
    process.kill()
    for child in children.stdout.split():
        os.kill(int(child), signal.SIGKILL)
    process.communicate()
    code, output, _ = run_training(store, recipe, final=10)
    assert code == 0
    assert "resuming from checkpoint-" in output
    assert is_complete(store / "run")


def test_a_stopped_run_continues_if_a_later_checkpoint_is_evaluated(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    run_training(store, recipe, final={"steps": [6], "stop": True})
    code, output, errors = run_training(store, recipe, final={"steps": [6], "last": True})
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-6" in output
    assert is_complete(store / "run" / "checkpoint-last")


def test_a_run_killed_between_its_stop_and_its_marker_does_not_train_again(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    plan: Final = {"steps": [6], "stop": True}
    run_training(store, recipe, final=plan)
    for name in ("COMPLETE", "seen.yaml"):
        (store / "run" / name).unlink()
    assert run_training(store, recipe, final=plan)[0] == 0
    assert is_complete(store / "run")
    assert not (store / "run" / "seen.yaml").exists()


def test_an_evaluated_checkpoint_that_can_no_longer_be_reached_is_refused(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2, "step_seconds": 0.7}
    run_training(store, recipe, final=10)
    code, _, errors = run_training(store, recipe, final={"steps": [3, 10]})
    assert code == 2
    assert "checkpoint-3 is to be evaluated" in errors
    assert "only checkpoint-10; leave that step out of mixcpt:checkpoints" in errors


def test_stops_after_the_highest_missing_checkpoint_without_writing_a_later_one_again(store: Path) -> None:
    run = store / "run"
    write_marked_checkpoints(run, 6, 8)
    written = (run / "checkpoint-8" / "model.safetensors").stat().st_mtime_ns
    code, output, errors = run_training(
        store, {"max_steps": 10, "save_steps": 2}, final={"steps": [7, 8], "stop": True}
    )
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-6" in output
    assert "is written again" not in output
    assert [is_complete(run / name) for name in ("", "checkpoint-7", "checkpoint-8")] == [True] * 3
    assert (run / "checkpoint-8" / "model.safetensors").stat().st_mtime_ns == written
    assert '"current_steps": 8' not in (run / "trainer_log.jsonl").read_text()


def test_removes_a_marked_checkpoint_that_it_writes_again_but_no_evaluated_one(store: Path) -> None:
    run = store / "run"
    write_marked_checkpoints(run, 2, 4, 6, 8)
    written = (run / "checkpoint-6" / "model.safetensors").stat().st_mtime_ns
    plan: Final = {"steps": [3, 6, 9], "stop": True}
    code, output, errors = run_training(store, {"max_steps": 12, "save_steps": 2}, final=plan)
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-2" in output
    removed = [line.split(":")[0] for line in output.splitlines() if "is written again" in line]
    assert removed == ["removed checkpoint-4", "removed checkpoint-8"]
    assert (run / "checkpoint-6" / "model.safetensors").stat().st_mtime_ns == written
    assert is_complete(run / "checkpoint-9")


def test_a_run_whose_last_checkpoint_exists_trains_no_further_than_the_missing_one(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 4}
    run_training(store, recipe, final="last")
    code, _, errors = run_training(store, recipe, final={"steps": [9], "last": True})
    assert (code, errors) == (0, "")
    assert json.loads((store / "run" / "trainer_log.jsonl").read_text().splitlines()[-1])["current_steps"] == 9


def test_a_stopped_run_continues_to_its_end_if_it_no_longer_stops(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    run_training(store, recipe, final={"steps": [6], "stop": True})
    code, output, errors = run_training(store, recipe, final={"steps": [6]})
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-6" in output
    assert is_complete(store / "run" / "checkpoint-10")
    for plan in ({"steps": [6]}, {"steps": [6], "stop": True}):
        assert "already complete" in run_training(store, recipe, final=plan)[1]
