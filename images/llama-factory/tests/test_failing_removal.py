"""A file system that refuses to remove or mark a checkpoint does not end the training."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from checkpoint_fixture import write_checkpoint, write_marked_checkpoints
from store_fixture import fail_status

from mixcpt_store.complete import is_complete
from mixcpt_train import checkpoints as checkpoints_module
from mixcpt_train.checkpoints import Checkpoints
from mixcpt_train.run_spec import CheckpointPlan
from mixcpt_train.training_process import build_checkpoint_keeper

PLAN = CheckpointPlan((), last=True)


def _refuse(path: Any, *_: Any, **__: Any) -> None:
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))


def _open_run(run: Path, *steps: int) -> Checkpoints:
    write_marked_checkpoints(run, *steps)
    return Checkpoints(run, world_size=1)


def _list_names(run: Path) -> list[str]:
    return sorted(path.name for path in run.iterdir())


def test_an_open_file_delays_the_deletion_of_a_removed_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoints = _open_run(tmp_path, 5, 15)
    keep = build_checkpoint_keeper(checkpoints, PLAN)
    write_checkpoint(tmp_path / "checkpoint-20")
    with monkeypatch.context() as busy:
        for name in ("unlink", "rmdir"):
            busy.setattr(os, name, _refuse)
        # A marker is written without removing anything.
        busy.setattr(Path, "unlink", lambda *_, **__: None)
        keep(True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "checkpoint-20 is complete"
    assert lines[1].endswith("cannot be deleted now; it is tried again after the next checkpoint")
    assert lines[2].startswith("checkpoint-5: removed")
    assert [path.name for path in checkpoints.list_folders()] == ["checkpoint-15", "checkpoint-20"]
    write_checkpoint(tmp_path / "checkpoint-25")
    keep(True)
    assert _list_names(tmp_path) == ["checkpoint-20", "checkpoint-25"]


def test_a_checkpoint_that_cannot_be_renamed_is_removed_after_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep = build_checkpoint_keeper(_open_run(tmp_path, 5, 15), PLAN)
    write_checkpoint(tmp_path / "checkpoint-20")
    with monkeypatch.context() as busy:
        busy.setattr(Path, "rename", _refuse)
        keep(True)
    assert "old checkpoints cannot be removed now ([Errno 16]" in capsys.readouterr().out
    assert is_complete(tmp_path / "checkpoint-5")
    write_checkpoint(tmp_path / "checkpoint-25")
    keep(True)
    assert _list_names(tmp_path) == ["checkpoint-20", "checkpoint-25"]


def test_an_unfinished_checkpoint_with_an_open_file_does_not_stop_the_next_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    with monkeypatch.context() as busy:
        for name in ("unlink", "rmdir"):
            busy.setattr(os, name, _refuse)
        assert Checkpoints(tmp_path).remove_incomplete() == [folder]
    assert not folder.exists()


def test_a_checkpoint_that_cannot_be_marked_is_marked_at_a_later_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    keep = build_checkpoint_keeper(Checkpoints(tmp_path, world_size=1), PLAN)
    with monkeypatch.context() as stale:
        stale.setattr(checkpoints_module, "flush_to_disk", _refuse)
        for _ in range(4):
            keep(False)
        keep(True)
    assert capsys.readouterr().out.count("a checkpoint cannot be marked now") == 1
    keep(False)
    keep(False)
    assert is_complete(folder)


def test_a_store_that_fails_after_the_marker_only_leaves_out_the_checksums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_checkpoint(tmp_path / "checkpoint-5")
    fail_status(monkeypatch, folder, errno.EIO)
    build_checkpoint_keeper(Checkpoints(tmp_path, world_size=1), PLAN)(True)
    assert is_complete(folder)
    assert "checkpoint-5 has no checksums ([Errno 5] Input/output error" in capsys.readouterr().out
