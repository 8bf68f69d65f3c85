"""Pods that work in one folder of the store at the same time, each step of the other one at a chosen moment.

Both have the same name and the same process here, as pods of two clusters, or one that replaces another, may have.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from mixcpt_store import complete, presence
from mixcpt_store.complete import is_complete, mark_complete, remove_broken_link, write_atomically, write_directory
from mixcpt_store.presence import resolve_links
from mixcpt_store.store_identity import write_identity


def _act_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, action: Any) -> None:
    """Lets the other pod act once, just before this one calls a function."""
    real, acted = getattr(module, name), False

    def act_then_call(*arguments: Any, **options: Any) -> Any:
        nonlocal acted
        if not acted:
            acted = True
            action()
        return real(*arguments, **options)

    monkeypatch.setattr(module, name, act_then_call)


def _act_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, action: Any) -> None:
    """Lets the other pod act once, just after this one has called a function."""
    real, acted = getattr(module, name), False

    def call_then_act(*arguments: Any, **options: Any) -> Any:
        nonlocal acted
        result = real(*arguments, **options)
        if not acted:
            acted = True
            action()
        return result

    monkeypatch.setattr(module, name, call_then_act)


def test_two_that_replace_a_file_at_once_write_it_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _act_before(monkeypatch, os, "fsync", lambda: write_atomically(tmp_path / "owner.json", "theirs"))
    write_atomically(tmp_path / "owner.json", "ours")
    assert (tmp_path / "owner.json").read_text() == "ours"
    assert len(list(tmp_path.iterdir())) == 1


def test_two_that_make_an_output_at_once_do_not_write_into_one_folder(tmp_path: Path) -> None:
    output = tmp_path / "corpus"
    with write_directory(output, {}) as ours:
        (ours / "ours").write_text("x")
        with write_directory(output, {}) as theirs:
            (theirs / "theirs").write_text("x")
        assert [path.name for path in ours.iterdir()] == ["ours"]
    assert sorted(path.name for path in output.iterdir()) == ["COMPLETE", "theirs"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


@pytest.mark.parametrize("has_leftover", [False, True])
def test_an_output_that_another_pod_publishes_at_the_last_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_leftover: bool
) -> None:
    output = tmp_path / "corpus"
    if has_leftover:
        (output / "half").mkdir(parents=True)

    def publish_theirs() -> None:
        with write_directory(output, {}) as theirs:
            (theirs / "theirs").write_text("x")

    with write_directory(output, {}):
        _act_after(monkeypatch, complete, "is_complete", publish_theirs)
    assert sorted(path.name for path in output.iterdir()) == ["COMPLETE", "theirs"]
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_a_broken_link_that_another_node_replaces_by_a_folder_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    run.symlink_to("gone")

    def make_run() -> None:
        run.unlink()
        (run / "checkpoint-5").mkdir(parents=True)

    _act_after(monkeypatch, complete, "is_present", make_run)
    remove_broken_link(run)
    assert (run / "checkpoint-5").is_dir()


@pytest.mark.parametrize(("name", "is_marked"), [(".1-node-1.log.partial-pod-1", True), ("train.jsonl", False)])
def test_only_hidden_files_may_vanish_before_a_folder_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_marked: bool
) -> None:
    (tmp_path / "attempts").mkdir()
    file = tmp_path / "attempts" / name
    file.write_text("x")
    _act_before(monkeypatch, os, "fsync", file.unlink)  # of the folder above, which comes first
    monkeypatch.setattr(complete, "walk_folders", lambda _: [(tmp_path, []), (tmp_path / "attempts", [file])])
    if is_marked:
        mark_complete(tmp_path)
    else:
        with pytest.raises(FileNotFoundError, match=name):
            mark_complete(tmp_path)
    assert is_complete(tmp_path) == is_marked


def test_a_folder_that_is_removed_while_a_link_to_it_is_followed_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, link = tmp_path / "checkpoint-7", tmp_path / "checkpoint-last"
    target.mkdir()
    link.symlink_to(target.name)
    _act_after(monkeypatch, presence, "is_present", target.rmdir)
    assert resolve_links(link) == target


def test_pods_that_give_a_store_its_id_at_once_return_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs: list[str] = []
    _act_before(monkeypatch, os, "link", lambda: theirs.append(write_identity(tmp_path, may_be_disk=True)))
    assert [write_identity(tmp_path, may_be_disk=True)] == theirs
    assert [path.name for path in tmp_path.iterdir()] == [".mixcpt-store"]
