import errno
import os
from pathlib import Path

import pytest

from mixcpt_store.listing import list_matching


def test_lists_the_matching_entries_in_order(tmp_path: Path) -> None:
    for name in ("run-2", "run-1", "other", ".run-3"):
        (tmp_path / name).touch()
    assert [path.name for path in list_matching(tmp_path, "run-*")] == ["run-1", "run-2"]


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert list_matching(tmp_path / "missing", "*") == list_matching(tmp_path / "file", "*") == []


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
