"""Markers: a directory with one is finished; a directory without one is replaced and never read."""

import errno
import os
from pathlib import Path

import pytest
from store_fixture import fail_listing, fail_status

from mixcpt_store.complete import (
    is_complete,
    mark_complete,
    remove_broken_link,
    require_complete,
    settle_leftovers,
    write_atomically,
    write_directory,
)
from mixcpt_store.errors import RetryableError


def test_a_finished_block_leaves_only_a_marked_directory(tmp_path: Path) -> None:
    with write_directory(tmp_path / "corpus", {"rows": 1}) as directory:
        (directory / "train.jsonl").write_text("{}\n")
    assert is_complete(tmp_path / "corpus")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), write_directory(tmp_path / "corpus", {}):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_an_unfinished_output_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "half").write_text("x")
    with write_directory(tmp_path / "corpus", {}) as directory:
        (directory / "whole").write_text("x")
    assert sorted(path.name for path in (tmp_path / "corpus").iterdir()) == ["COMPLETE", "whole"]


def test_keeps_the_result_of_another_pod_that_finished_first(tmp_path: Path) -> None:
    output = tmp_path / "corpus"
    with write_directory(output, {}):
        output.mkdir()
        (output / "theirs").write_text("x")
        mark_complete(output)
    assert (output / "theirs").exists()


def test_finished_work_is_kept_where_the_store_fails_at_the_last_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "corpus"
    with monkeypatch.context() as failing:
        fail_status(failing, output / "COMPLETE", errno.EIO)
        with pytest.raises(OSError, match="Input/output error"), write_directory(output, {}) as directory:
            (directory / "whole").write_text("x")
    assert not is_complete(output)
    settle_leftovers(output)
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
    assert sorted(path.name for path in output.iterdir()) == ["COMPLETE", "whole"]


@pytest.mark.parametrize("target_exists", [False, True])
def test_a_link_to_an_unfinished_output_is_replaced_and_its_target_stays(tmp_path: Path, target_exists: bool) -> None:
    if target_exists:
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "half").write_text("x")
    (tmp_path / "new").symlink_to("old")
    with write_directory(tmp_path / "new", {}) as directory:
        (directory / "whole").write_text("x")
    assert not (tmp_path / "new").is_symlink()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["COMPLETE", "whole"]
    assert (tmp_path / "old" / "half").exists() == target_exists


def test_only_a_link_without_a_target_is_removed(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    for name, target in (("linked", "old"), ("broken", "gone")):
        (tmp_path / name).symlink_to(target)
    for name in ("old", "linked", "broken", "missing"):
        remove_broken_link(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["linked", "old"]


def test_a_linked_output_is_as_complete_as_its_target(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").symlink_to("old")
    assert not is_complete(tmp_path / "new")
    mark_complete(tmp_path / "old")
    assert is_complete(tmp_path / "new")


def test_a_replaced_file_has_only_its_new_content(tmp_path: Path) -> None:
    write_atomically(tmp_path / "COMPLETE", "a" * 100)
    write_atomically(tmp_path / "COMPLETE", "b")
    assert (tmp_path / "COMPLETE").read_text() == "b"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_failed_write_keeps_the_old_file_and_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically(tmp_path / "scores.json", "old")

    def fail_without_space(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail_without_space)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "scores.json", "new")
    assert (tmp_path / "scores.json").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES])
def test_an_output_that_cannot_be_read_now_is_not_taken_for_unfinished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    mark_complete(tmp_path)
    fail_status(monkeypatch, tmp_path / "COMPLETE", number)
    with pytest.raises(OSError, match=os.strerror(number)):
        is_complete(tmp_path)


def test_no_marker_is_written_where_a_folder_below_cannot_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus" / "part").mkdir(parents=True)
    fail_listing(monkeypatch, tmp_path / "corpus" / "part", errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        mark_complete(tmp_path / "corpus")
    assert not is_complete(tmp_path / "corpus")


def test_missing_and_unfinished_inputs_have_different_messages(tmp_path: Path) -> None:
    with pytest.raises(RetryableError, match="does not exist"):
        require_complete(tmp_path / "none", "corpus")
    with pytest.raises(RetryableError, match="unfinished"):
        require_complete(tmp_path, "corpus")
