"""A run that stops at an evaluated step has the same weights as one that continues, and resumes bit for bit."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from small_training_fixture import RECIPE, read_weights, run_training, train

from mixcpt_store.complete import is_complete


def _read_learning_rates(run: Path) -> dict[int, float]:
    entries = map(json.loads, (run / "trainer_log.jsonl").read_text().splitlines())
    return {entry["current_steps"]: entry["lr"] for entry in entries if "lr" in entry}


def test_a_run_that_stops_has_the_weights_and_learning_rates_of_one_that_continues(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "stopped"
    output = train(inputs, run, steps=[3, 7], stop=True)
    assert is_complete(run)
    assert not (run / "checkpoint-10").exists()
    for step in (3, 7):
        assert read_weights(run / f"checkpoint-{step}") == read_weights(whole_run / f"checkpoint-{step}")
    rates = _read_learning_rates(run)
    assert sorted(rates) == list(range(1, 8))
    assert rates == {step: rate for step, rate in _read_learning_rates(whole_run).items() if step <= 7}
    assert json.loads([line for line in output.splitlines() if line.startswith("{")][-1])["total"] == 7


def test_keeps_evaluated_weights_and_two_checkpoints_from_which_it_resumes_bit_for_bit(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    kept = {path.name for path in whole_run.glob("checkpoint-*")}
    assert kept == {"checkpoint-3", "checkpoint-7", "checkpoint-10", "checkpoint-12", "checkpoint-last"}
    assert not (whole_run / "checkpoint-7" / "optimizer.pt").exists()
    copy = tmp_path / "copy"
    shutil.copytree(whole_run, copy, symlinks=True)
    expected = read_weights(copy / "checkpoint-12")
    shutil.rmtree(copy / "checkpoint-12")
    assert "resuming from checkpoint-10" in train(inputs, copy, steps=[3, 7], last=True)
    assert read_weights(copy / "checkpoint-12") == expected


def test_a_stopped_run_continues_to_the_end_bit_for_bit(inputs: Path, whole_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "continued"
    train(inputs, run, steps=[3, 7], stop=True)
    assert "resuming from checkpoint-7" in train(inputs, run, steps=[3, 7], last=True)
    assert read_weights(run / "checkpoint-last") == read_weights(whole_run / "checkpoint-last")


def test_an_evaluated_checkpoint_is_not_written_again_and_a_stopped_run_continues_to_its_end(
    inputs: Path, whole_run: Path, tmp_path: Path
) -> None:
    run = tmp_path / "again"
    train(inputs, run, steps=[5, 7], stop=True)
    written = (run / "checkpoint-7" / "model.safetensors").stat().st_mtime_ns
    assert "resuming from checkpoint-5" in train(inputs, run, steps=[5, 6, 7, 8], stop=True)
    assert (run / "checkpoint-7" / "model.safetensors").stat().st_mtime_ns == written
    assert "resuming from checkpoint-8" in train(inputs, run, steps=[7])
    assert read_weights(run / "checkpoint-12") == read_weights(whole_run / "checkpoint-last")


def test_stops_in_the_processes_that_torchrun_starts(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Debian's torch lacks libuv, which torchrun needs; the stub starts one process, with torchrun's arguments.
    stub = tmp_path / "bin" / "torchrun"
    stub.parent.mkdir()
    stub.write_text('#!/bin/bash\nexec "$PYTHON_EXEC" "${@: -2}"\n')
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stub.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("FORCE_TORCHRUN", "1")
    monkeypatch.setenv("PYTHON_EXEC", sys.executable)
    train(inputs, tmp_path / "run", steps=[2], stop=True)
    assert is_complete(tmp_path / "run")
    assert not (tmp_path / "run" / "checkpoint-5").exists()


def test_a_run_that_diverges_ends_for_good_at_the_step_whose_loss_is_not_finite(inputs: Path, tmp_path: Path) -> None:
    recipe = {**RECIPE, "learning_rate": 1e30, "max_grad_norm": 0, "lr_scheduler_type": "constant", "warmup_ratio": 0}
    spec = {"output": str(tmp_path / "run"), "recipe": recipe, "checkpoints": {"last": True}}
    done = run_training(inputs, spec)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "the loss is not finite at step 2: the training has diverged" in done.stderr.splitlines()[-1]
