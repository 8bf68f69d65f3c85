"""The supervisor with a stub of mixcpt-trainer: inputs, progress, exit codes and signals."""

import json
import signal
from pathlib import Path

import yaml
from torch_fixture import write_torch_stub
from training_fixture import run_training, start_training
from wait_fixture import wait_until

from mixcpt_store.complete import is_complete, mark_complete


def test_trains_marks_checkpoints_and_reports_progress(store: Path) -> None:
    code, output, errors = run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert (code, errors) == (0, "")
    assert is_complete(store / "run" / "checkpoint-10")
    assert is_complete(store / "run")
    last = [json.loads(line) for line in output.splitlines() if line.startswith("{")][-1]
    assert (last["done"], last["total"], last["loss"]) == (10, 10, 4.0)


def test_a_finished_run_exits_at_once(store: Path) -> None:
    run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    code, output, _ = run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert code == 0
    assert "already complete" in output


def test_a_run_that_is_linked_under_a_new_name_exits_at_once_and_changes_nothing(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 5}
    run_training(store, recipe, final=10)
    before = _list_times(store / "run")
    (store / "new").symlink_to("run")
    for folder in ("corpus", "model"):
        (store / f"new-{folder}").symlink_to(folder)
    inputs = {"corpus": str(store / "new-corpus"), "model": str(store / "new-model")}
    code, output, errors = run_training(store, recipe, final=10, output=str(store / "new"), **inputs)
    assert (code, output, errors) == (0, f"{store / 'new'} is already complete\n", "")
    assert _list_times(store / "run") == before


def test_a_linked_run_that_evaluates_another_checkpoint_keeps_those_of_the_former_name(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 12, "save_steps": 2}
    run_training(store, recipe, final={"steps": [4], "stop": True})
    (store / "new").symlink_to("run")
    code, output, _ = run_training(store, recipe, final=12, output=str(store / "new"))
    assert code == 0
    assert "resuming from checkpoint-4" in output
    assert is_complete(store / "run" / "checkpoint-4")
    assert is_complete(store / "new" / "checkpoint-12")


def test_a_run_whose_linked_folder_was_deleted_trains_again(store: Path) -> None:
    (store / "run").symlink_to("gone")
    assert run_training(store, {"max_steps": 2, "save_steps": 1}, final=2)[0] == 0
    assert is_complete(store / "run")


def _list_times(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


def test_sigterm_reaches_the_training_process(store: Path) -> None:
    process = start_training(store, {"max_steps": 1000, "save_steps": 1000, "step_seconds": 0.2}, final=1000)
    wait_until((store / "run" / "trainer_log.jsonl").exists, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM
    assert not is_complete(store / "run")


def test_exits_with_the_exit_code_of_llama_factory(store: Path) -> None:
    assert run_training(store, {"max_steps": 1, "save_steps": 1, "exit_code": 7}, final=1)[0] == 7
    assert not is_complete(store / "run")


def test_rejects_a_corpus_too_short_for_its_checkpoint_before_training_starts(store: Path) -> None:
    (store / "tokenised").mkdir()
    (store / "tokenised" / "STATS.json").write_text('{"sequences": {"train": 12}}')
    mark_complete(store / "tokenised")
    recipe: dict[str, object] = {"num_train_epochs": 1, "per_device_train_batch_size": 4, "save_steps": 1}
    code, _, errors = run_training(store, recipe, final=4, tokenised=str(store / "tokenised"))
    assert code == 2
    assert "has 12 sequences; checkpoint-4 needs 13" in errors
    assert not (store / "run").exists()


def test_a_run_with_device_gpu_runs_on_gpus_that_compute(store: Path) -> None:
    write_torch_stub(store)
    code, _, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, final=1, device="gpu")
    assert (code, errors) == (0, "")
    assert yaml.safe_load((store / "run" / "seen.yaml").read_text())["use_cpu"] is False
    assert (store / "run" / "seen-gpu.txt").read_text() == "1", "the trainer says why it binds no cores"


def test_a_run_with_device_gpu_never_falls_back_to_the_cpu(store: Path) -> None:
    write_torch_stub(store, hip=None)
    code, _, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, final=1, device="gpu")
    assert (code, (store / "run").exists()) == (2, False)
    assert errors.startswith("mixcpt-train: spec.device is 'gpu', but torch 2.9.0 of this image was not built")


def test_a_node_whose_gpus_are_missing_ends_the_pod_with_a_code_of_its_own(store: Path) -> None:
    write_torch_stub(store, count=0)
    code, output, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, final=1, device="gpu")
    assert (code, (store / "run").exists()) == (69, False)
    assert "this pod keeps them from other work" in output
    assert errors.startswith("mixcpt-train: the GPUs of this node are broken: torch sees 0 of 1 in this pod")


def test_an_unfinished_corpus_is_retryable(store: Path) -> None:
    (store / "corpus" / "COMPLETE").unlink()
    code, _, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, final=1)
    assert code == 1
    assert errors.startswith("mixcpt-train: corpus")
    assert "Traceback" not in errors
