"""What cannot be read now is not missing, whatever Python's own methods say."""

import ast
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_fixture import fail_status

from mixcpt_store.presence import is_file, is_folder, is_link, is_present, resolve_links

IMAGES = Path(__file__).parents[2]
# What returns False for any error from Python 3.14 on, or takes what cannot be read for no link.
HIDING_METHODS = {"exists", "is_dir", "is_file", "is_symlink", "lexists", "isfile", "isdir", "islink", "resolve"}
QUESTIONS = (is_present, is_file, is_folder, is_link)


def _answer(path: Path) -> tuple[bool, ...]:
    return tuple(ask(path) for ask in QUESTIONS)


def test_tells_files_folders_and_links_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    for name, target in (("to-file", "file"), ("to-folder", "folder"), ("broken", "gone"), ("circle", "circle")):
        (tmp_path / name).symlink_to(target)
    expected = {
        "file": (True, True, False, False),
        "folder": (True, False, True, False),
        "to-file": (True, True, False, True),
        "to-folder": (True, False, True, True),
        "broken": (False, False, False, True),
        "circle": (False, False, False, True),
        "none": (False, False, False, False),
        "file/below": (False, False, False, False),
        "no\0name": (False, False, False, False),
    }
    assert {name: _answer(tmp_path / name) for name in expected} == expected


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EACCES, errno.ENOTCONN])
@pytest.mark.parametrize("ask", QUESTIONS)
def test_what_cannot_be_read_now_is_not_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Path], bool], number: int
) -> None:
    fail_status(monkeypatch, tmp_path, number)
    with pytest.raises(OSError, match=os.strerror(number)):
        ask(tmp_path)


def test_links_are_followed_as_far_as_they_lead(tmp_path: Path) -> None:
    (tmp_path / "checkpoint-7").mkdir()
    for name, target in (("checkpoint-last", "checkpoint-7"), ("broken", "checkpoint-9")):
        (tmp_path / name).symlink_to(target)
    names = ["checkpoint-7", "checkpoint-last", "broken", "none"]
    assert [resolve_links(tmp_path / name).name for name in names] == [
        "checkpoint-7",
        "checkpoint-7",
        "checkpoint-9",
        "none",
    ]


def test_a_link_that_cannot_be_read_now_is_not_taken_for_its_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "checkpoint-7").mkdir()
    (tmp_path / "checkpoint-last").symlink_to("checkpoint-7")

    def fail(path: object, **_options: object) -> str:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(path))

    monkeypatch.setattr(os, "readlink", fail)
    monkeypatch.setattr(os, "lstat", fail)
    with pytest.raises(OSError, match="Stale"):
        resolve_links(tmp_path / "checkpoint-last")


# The module that answers, and a program that runs without this project's packages and looks only at /dev.
EXEMPT = {"presence.py", "gpu_probe.py"}


def _find_hiding_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in HIDING_METHODS:
            yield f"{path.relative_to(IMAGES)}:{node.lineno}: {node.attr}"


def test_no_module_asks_python_which_hides_errors_of_the_store() -> None:
    modules = [path for path in sorted(IMAGES.glob("*/mixcpt_*/**/*.py")) if path.name not in EXEMPT]
    assert len(modules) > 100
    assert [call for path in modules for call in _find_hiding_calls(path)] == []
