"""A store that hangs, or fails for a moment, under a training: its pod ends, and not for a moment's failure."""

import errno
import math
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from store_fixture import fail_listing, hang, make_unreadable
from training_fixture import run_training, start_training
from wait_fixture import wait_until

from mixcpt_store.errors import RetryableError
from mixcpt_store.store_calls import NoAnswerError
from mixcpt_train import attempt_log, hung_ranks, training_guard, training_process
from mixcpt_train.attempt_log import keep_failed_log
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.hung_ranks import HangDetector, HangNotice
from mixcpt_train.trainer_log import TrainerLog
from mixcpt_train.training_guard import TrainingGuard
from mixcpt_train.training_node import TrainingNode
from mixcpt_train.training_process import TrainingProcess, start_process, watch_process

# Every read of the log waits for ever, once there is one.
HANGING_LOG = "trainer_log.TrainerLog.read_new_entries = lambda self: self._path.exists() and time.sleep(600) or []"


def _start_program(program: str, folder: Path) -> TrainingProcess:
    return start_process([sys.executable, "-c", program], {}, folder)


def test_a_pod_that_is_told_to_stop_passes_it_on_while_the_store_hangs(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 99, "save_steps": 99, "step_seconds": 0.2}
    limit = "training_process._LAST_MARK_SECONDS = 0.5"
    process = start_training(store, recipe, 99, setup=f"{HANGING_LOG}; {limit}")
    wait_until((store / "run" / "trainer_log.jsonl").exists, process)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM
    assert "the last checkpoint may have no marker or no checksums: the store failed at" in output


def test_a_training_whose_store_hangs_at_its_end_uses_up_a_retry(store: Path) -> None:
    recipe: dict[str, object] = {"max_steps": 1, "save_steps": 1}
    setup = f"{HANGING_LOG}; store_calls.STORE_SECONDS = 3"
    code, _, errors = run_training(store, recipe, 1, setup=setup)
    assert code == 1
    assert errors.splitlines()[-1].startswith(f"mixcpt-train: the store failed at {store / 'run'} (no answer for 3 s)")


def test_a_store_that_hangs_while_a_checkpoint_is_read_uses_up_a_retry(store: Path) -> None:
    hang = "checkpoint_checksums._compute_checksum = lambda *_: time.sleep(600)"
    setup = f"from mixcpt_train import checkpoint_checksums; {hang}; store_calls.STORE_SECONDS = 3"
    code, _, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, 1, setup=setup)
    assert code == 1
    assert errors.splitlines()[-1].startswith(f"mixcpt-train: the store failed at {store / 'run'} (no answer for 3 s)")


def test_a_pod_that_is_told_to_stop_while_a_checkpoint_is_read_ends_at_once(store: Path) -> None:
    run_training(store, {"max_steps": 1, "save_steps": 1}, 1)
    hang = f"(open('{store / 'reads'}', 'w'), time.sleep(600))"
    setup = f"from mixcpt_train import checkpoint_checksums; checkpoint_checksums._compute_checksum = lambda *_: {hang}"
    process = start_training(store, {"max_steps": 2, "save_steps": 1}, 2, setup=setup)
    wait_until((store / "reads").exists, process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_store_that_hangs_before_the_training_starts_uses_up_a_retry(store: Path) -> None:
    setup = "store_calls.STORE_SECONDS = 0.5; main.is_finished = lambda _run: time.sleep(600)"
    code, _, errors = run_training(store, {"max_steps": 1, "save_steps": 1}, 1, setup=setup)
    assert code == 1
    assert errors.startswith(f"mixcpt-train: the store failed at {store / 'run'} (no answer for 0.5 s)")


def test_a_training_that_hangs_with_its_store_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hang(tmp_path / "trainer_log.jsonl")
    hang(tmp_path / "hang")
    monkeypatch.setattr(HangNotice, "_read", lambda _self: None)
    monkeypatch.setattr(hung_ranks, "_measure_newest_age", lambda _folder: time.sleep(600))
    monkeypatch.setattr(hung_ranks, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(hung_ranks, "_ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(training_process, "_LAST_MARK_SECONDS", 0.1)
    process = _start_program("import time; time.sleep(600)", tmp_path)
    guard = TrainingGuard(Checkpoints(tmp_path), TrainingNode(1, 0, 1, {}), on_gpu=False, sign=tmp_path / "sign")
    with pytest.raises(RetryableError, match="a rank hangs"):
        watch_process(
            process,
            TrainerLog(tmp_path),
            lambda _: None,
            check=lambda entries: guard.check(process, entries),
            has_finished=lambda: False,
        )
    assert process.poll() is not None


def test_a_failed_training_is_explained_in_a_limited_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = _start_program("import sys; sys.exit('PytorchStreamWriter failed writing file')", tmp_path)
    process.wait()
    guard = TrainingGuard(Checkpoints(tmp_path), TrainingNode(1, 0, 1, {}), on_gpu=False, sign=tmp_path / "sign")
    monkeypatch.setattr(training_guard, "_EXPLAIN_SECONDS", 0.5)
    monkeypatch.setattr(training_guard, "probe_writing", lambda _run: time.sleep(600))
    with pytest.raises(NoAnswerError, match="no answer for 0.5 s"):
        guard.explain_failure(process)


def test_the_log_of_a_failed_attempt_is_given_up_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hang(tmp_path / "run.yaml")
    monkeypatch.setattr(attempt_log, "_LOG_SECONDS", 0.1)
    process = _start_program("raise SystemExit(1)", tmp_path)
    process.wait()
    keep_failed_log(tmp_path, 0, process)
    assert "the log of this attempt cannot be kept: the store failed at" in capfd.readouterr().out


def test_a_log_that_cannot_be_read_for_a_moment_ends_no_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    read, failures = TrainerLog.read_new_entries, iter([True, True])

    def fail_twice(log: TrainerLog) -> list[Any]:
        if next(failures, False):
            raise OSError(errno.EIO, os.strerror(errno.EIO), "/store/run/trainer_log.jsonl")
        (tmp_path / "has-read").touch()
        return read(log)

    monkeypatch.setattr(TrainerLog, "read_new_entries", fail_twice)
    log = TrainerLog(tmp_path)
    (tmp_path / "trainer_log.jsonl").write_text('{"current_steps": 7, "total_steps": 9}\n')
    process = _start_program("import os, time\nwhile not os.path.exists('has-read'): time.sleep(0.1)", tmp_path)
    assert watch_process(process, log, lambda _: None, has_finished=lambda: False) == 0
    printed = capfd.readouterr().out
    assert printed.count("the run's folder cannot be read now") == 1
    assert '"done": 7' in printed


def test_a_folder_that_cannot_be_listed_for_a_moment_is_no_sign_of_a_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "checkpoint-1").mkdir()
    errors: Any = SimpleNamespace(last_time=-math.inf)
    detector = HangDetector(tmp_path, errors, tmp_path / "sign", silent_seconds=200)
    detector._last_sign -= 300
    (tmp_path / "checkpoint-1" / "model.safetensors").touch()
    with monkeypatch.context() as failing:
        fail_listing(failing, tmp_path / "checkpoint-1", errno.ESTALE)
        assert detector.find_silence(has_logged=False) is None
    assert detector.find_silence(has_logged=False) is None, "a file was written"
    detector._last_sign -= 60_000
    fail_listing(monkeypatch, tmp_path / "checkpoint-1", errno.ESTALE)
    assert detector.find_silence(has_logged=False) is not None, "the store has failed for as long as the training"


def test_an_earlier_attempt_s_notice_that_cannot_be_read_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    make_unreadable(tmp_path / "hang")
    with pytest.raises(OSError, match="Input/output error"):
        HangNotice(tmp_path)
    (tmp_path / "hang").unlink()
    notice = HangNotice(tmp_path)
    make_unreadable(tmp_path / "hang")
    assert not notice.is_new()
