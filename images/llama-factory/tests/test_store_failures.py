"""A store that is full, read-only or fails: each ends a training for good, or uses up a retry."""

import errno
import os
from pathlib import Path

import pytest
from training_fixture import run_training

from mixcpt_store.errors import InputError, RetryableError
from mixcpt_train.failure_cause import find_cause
from mixcpt_train.store_probe import probe_writing

TORCH_CANNOT_WRITE = "RuntimeError: [enforce fail at inline_container.cc:858] . PytorchStreamWriter failed writing file"


@pytest.mark.parametrize(
    "line",
    [
        "OSError: [Errno 28] No space left on device: '/store/runs/x/checkpoint-500/optimizer.pt'",
        'safetensors_rust.SafetensorError: IoError(Os { code: 28, message: "No space left on device" })',
    ],
)
def test_a_store_that_is_full_ends_the_training_for_good_instead_of_using_up_its_retries(
    store: Path, line: str
) -> None:
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 1, "last_words": f"{line}\n", "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5)
    assert code == 2
    assert errors.splitlines()[-1].startswith(f"mixcpt-train: no room to write ({line}): make room there")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("OSError: [Errno 5] Input/output error: '/store/runs/x/optimizer.pt'", "the store failed at a file of this"),
        ("OSError: [Errno 116] Stale file handle", "the store failed at a file of this training"),
        (TORCH_CANNOT_WRITE, f"a checkpoint could not be written ({TORCH_CANNOT_WRITE}), but the store takes files"),
    ],
)
def test_a_store_that_fails_uses_up_a_retry_because_it_may_work_again(store: Path, line: str, reason: str) -> None:
    recipe: dict[str, object] = {"max_steps": 2, "save_steps": 1, "last_words": f"{line}\n", "exit_code": 1}
    code, _, errors = run_training(store, recipe, final=5)
    assert code == 1
    assert errors.splitlines()[-1].startswith(f"mixcpt-train: {reason}")
    assert "no room to write" not in errors
    assert list((store / "run").glob(".probe*")) == []


@pytest.mark.parametrize(
    ("number", "line", "error", "reason"),
    [
        (errno.ENOSPC, TORCH_CANNOT_WRITE, InputError, "no room to write"),
        (errno.EDQUOT, TORCH_CANNOT_WRITE, InputError, "Disk quota exceeded"),
        (errno.EROFS, TORCH_CANNOT_WRITE, InputError, "/store/run/.probe: the store is read-only"),
        (errno.EROFS, "OSError: [Errno 30] Read-only file system: '/store/run/x'", InputError, "read-only"),
        (errno.EIO, TORCH_CANNOT_WRITE, RetryableError, "the store failed at /store/run/.probe"),
        (errno.ESTALE, TORCH_CANNOT_WRITE, RetryableError, "Stale file handle"),
        (errno.EACCES, TORCH_CANNOT_WRITE, RetryableError, "Permission denied"),
    ],
)
def test_a_test_file_tells_why_torch_could_not_write(
    number: int, line: str, error: type[Exception], reason: str
) -> None:
    problem = OSError(number, os.strerror(number), "/store/run/.probe")
    cause = find_cause(line, has_started=True, has_saved=False, probe_store=lambda: problem)
    assert type(cause) is error
    assert reason in str(cause)


def test_a_network_card_that_fails_is_no_failure_of_the_store() -> None:
    line = "NET/IB : Call to ibv_reg_mr failed with error Input/output error [NCCL WARN]\n"
    assert find_cause(line, has_started=True, has_saved=False, probe_store=lambda: None) is None
    stored = f"{line}OSError: [Errno 5] Input/output error: '/store/run/x'\n"
    assert "the store failed" in str(find_cause(stored, has_started=True, has_saved=False, probe_store=lambda: None))


def test_a_cache_on_the_pod_s_read_only_root_is_no_cause_while_the_store_takes_files() -> None:
    warning = "OSError: [Errno 30] Read-only file system: '/home/.triton'\nValueError: no pad token"
    assert find_cause(warning, has_started=True, has_saved=False, probe_store=lambda: None) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_the_test_file_meets_the_store_and_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    assert probe_writing(tmp_path) is None
    assert (problem := probe_writing(tmp_path / "missing"))
    assert problem.errno == errno.ENOENT

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    assert (problem := probe_writing(tmp_path))
    assert problem.errno == number
    assert list(tmp_path.iterdir()) == []
