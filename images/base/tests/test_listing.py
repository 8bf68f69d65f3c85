import errno
import os
from pathlib import Path

import pytest

from mixcpt_store.listing import list_files_below, list_matching, list_matching_paths


def test_lists_the_matching_entries_in_order(tmp_path: Path) -> None:
    for name in ("run-2", "run-1", "other", ".run-3"):
        (tmp_path / name).touch()
    assert [path.name for path in list_matching(tmp_path, "run-*")] == ["run-1", "run-2"]


def test_lists_what_matches_below_several_folders(tmp_path: Path) -> None:
    for name in ("sib200/b/x.tsv", "sib200/a/y.tsv", "sib200/a/y.txt", "other/a/z.tsv", "sib200/file.tsv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list_matching_paths(tmp_path, "sib200/*/*.tsv") == sorted(tmp_path.glob("sib200/*/*.tsv"))
    assert list_files_below(tmp_path) == sorted(path for path in tmp_path.rglob("*") if path.is_file())


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert list_matching(tmp_path / "missing", "*") == list_matching(tmp_path / "file", "*") == []
    assert list_files_below(tmp_path / "missing") == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ENOTCONN])
def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(path: Path) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(os, "listdir", fail)
    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        list_matching(tmp_path, "*")
    with pytest.raises(OSError, match=os.strerror(number)):
        list_files_below(tmp_path)
