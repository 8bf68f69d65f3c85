"""The supervisor with a stub of mixcpt-trainer that writes the same files as the real one."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from checkpoint_fixture import write_checkpoint

from mixcpt_store.complete import is_complete, mark_complete

HERE = Path(__file__).parent
PACKAGES = [HERE.parent, HERE.parents[1] / "base", HERE]
TRAINER_STUB = f"""#!{sys.executable}
import json, os, pathlib, sys, time, yaml
from checkpoint_fixture import write_checkpoint
recipe = yaml.safe_load(open(sys.argv[2]))
output = pathlib.Path(recipe["output_dir"])
resumed = recipe["resume_from_checkpoint"]
plan = json.loads(os.environ["MIXCPT_CHECKPOINTS"])
first = int(resumed.rsplit("-", 1)[1]) if resumed else 0
(output / "seen.yaml").write_text(yaml.safe_dump(recipe))
for step in range(first + 1, (plan["stopAfter"] or recipe["max_steps"]) + 1):
    entry = {{"current_steps": step, "total_steps": recipe["max_steps"], "loss": 5 - step / 10}}
    with open(output / "trainer_log.jsonl", "a") as log:
        log.write(json.dumps(entry) + "\\n")
    if step % recipe["save_steps"] == 0 or step in plan["save"]:
        write_checkpoint(output / f"checkpoint-{{step}}")
        for name in recipe.get("unwritten", []):
            (output / f"checkpoint-{{step}}" / name).unlink()
    time.sleep(recipe.get("step_seconds", 0))
sys.exit(recipe.get("exit_code", 0))
"""


# A step, the word last, or the checkpoints of the spec.
Final = int | str | dict[str, object]


def _build_checkpoints(final: Final) -> dict[str, object]:
    if isinstance(final, dict):
        return final
    return {"last": True} if final == "last" else {"steps": [final]}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for name in ("corpus", "model"):
        (tmp_path / name).mkdir()
        mark_complete(tmp_path / name)
    tool = tmp_path / "bin" / "mixcpt-trainer"
    tool.parent.mkdir()
    tool.write_text(TRAINER_STUB)
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def _start_training(store: Path, recipe: dict[str, object], final: Final, **keys: str) -> subprocess.Popen[str]:
    spec = {
        "corpus": str(store / "corpus"),
        "model": str(store / "model"),
        "output": str(store / "run"),
        "recipe": recipe,
        "checkpoints": _build_checkpoints(final),
        **keys,
    }
    environment = {
        "PATH": f"{store / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": ":".join(map(str, [*PACKAGES, store])),
        "MIXCPT_SPEC": yaml.safe_dump(spec),
    }
    command = [sys.executable, "-c", "from mixcpt_train.main import main; main()"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _run_training(store: Path, recipe: dict[str, object], final: Final, **keys: str) -> tuple[int, str, str]:
    process = _start_training(store, recipe, final, **keys)
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors


def test_trains_marks_checkpoints_and_reports_progress(store: Path) -> None:
    code, output, errors = _run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert (code, errors) == (0, "")
    assert is_complete(store / "run" / "checkpoint-10")
    assert is_complete(store / "run")
    last = [json.loads(line) for line in output.splitlines() if line.startswith("{")][-1]
    assert (last["done"], last["total"], last["loss"]) == (10, 10, 4.0)


def test_links_the_last_checkpoint(store: Path) -> None:
    code, _, errors = _run_training(store, {"max_steps": 10, "save_steps": 5}, final="last")
    assert (code, errors) == (0, "")
    assert (store / "run" / "checkpoint-last").resolve() == (store / "run" / "checkpoint-10").resolve()
    assert is_complete(store / "run" / "checkpoint-last")


def test_fails_if_no_checkpoint_was_saved(store: Path) -> None:
    code, _, errors = _run_training(store, {"max_steps": 10, "save_steps": 50}, final="last")
    assert (code, is_complete(store / "run")) == (2, False)
    assert "ended without checkpoint-last" in errors


def test_a_finished_run_exits_at_once(store: Path) -> None:
    _run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    code, output, _ = _run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert code == 0
    assert "already complete" in output


def test_resumes_from_the_marked_checkpoint_and_removes_the_unmarked_one(store: Path) -> None:
    mark_complete(write_checkpoint(store / "run" / "checkpoint-5"))
    write_checkpoint(store / "run" / "checkpoint-6")
    code, output, _ = _run_training(store, {"max_steps": 10, "save_steps": 5}, final=10)
    assert code == 0
    assert "resuming from checkpoint-5" in output
    assert "removed checkpoint-6" in output
    seen = yaml.safe_load((store / "run" / "seen.yaml").read_text())
    assert seen["resume_from_checkpoint"] == str(store / "run" / "checkpoint-5")


def test_resumes_after_supervisor_and_trainer_were_killed(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2, "step_seconds": 0.6}
    process = _start_training(store, recipe, final=10)
    deadline = time.monotonic() + 20
    while not is_complete(store / "run" / "checkpoint-2") and time.monotonic() < deadline:
        time.sleep(0.1)
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
    )
    process.kill()
    for child in children.stdout.split():
        os.kill(int(child), signal.SIGKILL)
    process.communicate()
    code, output, _ = _run_training(store, {**recipe, "step_seconds": 0}, final=10)
    assert code == 0
    assert "resuming from checkpoint-" in output
    assert is_complete(store / "run")


def test_sigterm_reaches_the_training_process(store: Path) -> None:
    process = _start_training(store, {"max_steps": 1000, "save_steps": 1000, "step_seconds": 0.2}, final=1000)
    while not (store / "run" / "trainer_log.jsonl").exists():
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert process.returncode == 128 + signal.SIGTERM
    assert not is_complete(store / "run")


def test_exits_with_the_exit_code_of_llama_factory(store: Path) -> None:
    assert _run_training(store, {"max_steps": 1, "save_steps": 1, "exit_code": 7}, final=1)[0] == 7
    assert not is_complete(store / "run")


def test_saves_an_evaluated_checkpoint_between_two_regular_ones(store: Path) -> None:
    code, _, errors = _run_training(store, {"max_steps": 10, "save_steps": 5}, final=7)
    assert (code, errors) == (0, "")
    assert is_complete(store / "run" / "checkpoint-7")


def test_a_run_without_its_final_checkpoint_names_the_saved_ones(store: Path) -> None:
    code, _, errors = _run_training(store, {"max_steps": 10, "save_steps": 5}, final=12)
    assert code == 2
    assert "without checkpoint-12" in errors
    assert "checkpoint-5, checkpoint-10" in errors


def test_a_run_that_stops_early_is_complete_and_its_progress_ends_at_the_stop(store: Path) -> None:
    plan: Final = {"steps": [2, 6], "stop": True}
    code, output, errors = _run_training(store, {"max_steps": 10, "save_steps": 2}, final=plan)
    assert (code, errors) == (0, "")
    assert json.loads((store / "run" / "COMPLETE").read_text()) == {"checkpoint": "checkpoint-6"}
    last = [json.loads(line) for line in output.splitlines() if line.startswith("{")][-1]
    assert (last["done"], last["total"]) == (6, 6)
    assert not (store / "run" / "checkpoint-8").exists()


def test_keeps_the_evaluated_checkpoints_and_the_newest_two(store: Path) -> None:
    plan: Final = {"steps": [4, 10]}
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2, "step_seconds": 0.7}
    code, output, errors = _run_training(store, recipe, final=plan)
    assert (code, errors) == (0, "")
    kept = sorted(path.name for path in (store / "run").glob("checkpoint-*"))
    assert kept == ["checkpoint-10", "checkpoint-4", "checkpoint-8"]
    assert "checkpoint-2: removed, because two newer checkpoints can be resumed" in output
    assert not (store / "run" / "checkpoint-4" / "optimizer.pt").exists()
    assert (store / "run" / "checkpoint-4" / "model.safetensors").exists()


def test_a_stopped_run_continues_if_a_later_checkpoint_is_evaluated(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    _run_training(store, recipe, final={"steps": [6], "stop": True})
    code, output, errors = _run_training(store, recipe, final={"steps": [6], "last": True})
    assert (code, errors) == (0, "")
    assert "resuming from checkpoint-6" in output
    assert is_complete(store / "run" / "checkpoint-last")


def test_a_run_killed_between_its_stop_and_its_marker_does_not_train_again(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2}
    plan: Final = {"steps": [6], "stop": True}
    _run_training(store, recipe, final=plan)
    for name in ("COMPLETE", "seen.yaml"):
        (store / "run" / name).unlink()
    assert _run_training(store, recipe, final=plan)[0] == 0
    assert is_complete(store / "run")
    assert not (store / "run" / "seen.yaml").exists()


def test_an_evaluated_checkpoint_that_can_no_longer_be_reached_is_refused(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 2, "step_seconds": 0.7}
    _run_training(store, recipe, final=10)
    code, _, errors = _run_training(store, recipe, final={"steps": [3, 10]})
    assert code == 2
    assert "checkpoint-3 is to be evaluated" in errors
    assert "only checkpoint-10; leave that step out of mixcpt:checkpoints" in errors


def test_an_incomplete_final_checkpoint_is_retryable(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 10, "save_steps": 5, "unwritten": ["optimizer.pt"]}
    code, _, errors = _run_training(store, recipe, final=10)
    assert (code, is_complete(store / "run")) == (1, False)
    assert errors == (
        f"mixcpt-train: {store}/run/checkpoint-10 is incomplete although training has ended; "
        "the next attempt trains it again\n"
    )


def test_rejects_a_corpus_too_short_for_its_checkpoint_before_training_starts(store: Path) -> None:
    (store / "tokenised").mkdir()
    (store / "tokenised" / "STATS.json").write_text('{"sequences": {"train": 12}}')
    mark_complete(store / "tokenised")
    recipe: dict[str, object] = {"num_train_epochs": 1, "per_device_train_batch_size": 4, "save_steps": 1}
    code, _, errors = _run_training(store, recipe, final=4, tokenised=str(store / "tokenised"))
    assert code == 2
    assert "has 12 sequences; checkpoint-4 needs 13" in errors
    assert not (store / "run").exists()


@pytest.mark.parametrize("has_gpu", [False, True])
def test_a_run_with_device_gpu_never_falls_back_to_the_cpu(store: Path, has_gpu: bool) -> None:
    (store / "torch.py").write_text(f"class cuda:\n    is_available = staticmethod(lambda: {has_gpu})\n")
    code, _, errors = _run_training(store, {"max_steps": 1, "save_steps": 1}, final=1, device="gpu")
    if has_gpu:
        assert (code, errors) == (0, "")
        assert yaml.safe_load((store / "run" / "seen.yaml").read_text())["use_cpu"] is False
    else:
        assert (code, (store / "run").exists()) == (2, False)
        assert errors.startswith("mixcpt-train: spec.device is 'gpu', but torch sees none")


def test_an_unfinished_corpus_is_retryable(store: Path) -> None:
    (store / "corpus" / "COMPLETE").unlink()
    code, _, errors = _run_training(store, {"max_steps": 1, "save_steps": 1}, final=1)
    assert code == 1
    assert errors.startswith("mixcpt-train: corpus")
    assert "Traceback" not in errors
