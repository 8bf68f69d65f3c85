import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_fixture import fail_listing

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


_NAMES = ("a", ".b", "[c]")
_PARTS = st.sampled_from(("a", "*", "**", "?", "*.tsv", "[[]c]", "[.a]*", "."))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders three deep, each with a file, a link to it and one to nothing."""
    root = tmp_path_factory.mktemp("tree")
    folders = [root]
    (root / "x.tsv").touch()
    for depth in range(3):
        folders = [folder / name for folder in folders for name in _NAMES[depth:]]
        for folder in folders:
            folder.mkdir()
            (folder / "x.tsv").touch()
            (folder / "link.tsv").symlink_to("x.tsv")
            (folder / "broken.tsv").symlink_to("missing")
    return root


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(folders=st.lists(_PARTS, max_size=3), name=st.sampled_from(("x.tsv", "*", "*.tsv", "[xl]*")))
def test_lists_the_files_that_glob_lists(tree: Path, folders: list[str], name: str) -> None:
    pattern = "/".join((*folders, name))
    expected = sorted({path for path in tree.glob(pattern) if path.is_file()})
    assert [path for path in list_matching_paths(tree, pattern) if path.is_file()] == expected


def test_stars_between_slashes_stand_for_any_number_of_folders(tmp_path: Path) -> None:
    for name in ("x.tsv", "a/x.tsv", "a/b/x.tsv", "a/b/c/x.tsv", "a/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a" / "again").symlink_to("..")

    def list_names(pattern: str) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in list_matching_paths(tmp_path, pattern)]

    assert list_names("**/x.tsv") == ["a/b/c/x.tsv", "a/b/x.tsv", "a/x.tsv", "x.tsv"]
    assert list_names("a/**/b/**/*.tsv") == ["a/b/c/x.tsv", "a/b/x.tsv"]
    assert list_names("*/again/x.tsv") == ["a/again/x.tsv"]


def test_a_folder_may_be_passed_whose_entries_may_not_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared" / "mine").mkdir(parents=True)
    (tmp_path / "shared" / "mine" / "x.tsv").touch()
    listed, list_folder = [], os.listdir

    def record(path: Path) -> list[str]:
        listed.append(Path(path))
        return list_folder(path)

    monkeypatch.setattr(os, "listdir", record)
    assert list_matching_paths(tmp_path, "shared/mine/*.tsv") == [tmp_path / "shared" / "mine" / "x.tsv"]
    assert listed == [tmp_path / "shared" / "mine"]


@pytest.mark.parametrize("pattern", ["", ".", "/a", "**x", "a/x**/b"])
def test_what_is_no_pattern_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ValueError, match="must"):
        list_matching_paths(tmp_path, pattern)


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert list_matching(tmp_path / "missing", "*") == list_matching(tmp_path / "file", "*") == []
    assert list_files_below(tmp_path / "missing") == list_matching_paths(tmp_path / "file", "**/x") == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ENOTCONN])
def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fail_listing(monkeypatch, tmp_path, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        list_matching(tmp_path, "*")
    with pytest.raises(OSError, match=os.strerror(number)):
        list_matching_paths(tmp_path, "**/x.tsv")
    with pytest.raises(OSError, match=os.strerror(number)):
        list_files_below(tmp_path)
