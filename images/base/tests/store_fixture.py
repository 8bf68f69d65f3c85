"""A store that fails or hangs for a test."""

import os
from pathlib import Path
from typing import Any

import pytest


def make_unreadable(file: Path) -> None:
    """Replaces a file by one whose first byte cannot be read: EIO."""
    file.unlink(missing_ok=True)
    file.symlink_to("/proc/self/mem")


def fail_listing(monkeypatch: pytest.MonkeyPatch, folder: Path, number: int) -> None:
    """Lets one folder exist that cannot be listed."""

    def wrap(name: str) -> None:
        real = getattr(os, name)

        def list_or_fail(path: Any = ".") -> Any:
            if Path(path) == folder:
                raise OSError(number, os.strerror(number), str(path))
            return real(path)

        monkeypatch.setattr(os, name, list_or_fail)

    wrap("listdir")
    wrap("scandir")


def fail_status(monkeypatch: pytest.MonkeyPatch, file: Path, number: int) -> None:
    """Lets one file exist of which neither type nor size can be told."""
    real = os.stat

    def stat_or_fail(path: Any, **options: Any) -> os.stat_result:
        if path == file or str(path) == str(file):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, **options)

    monkeypatch.setattr(os, "stat", stat_or_fail)


def hang(file: Path) -> None:
    """Replaces a file by one that nobody can open for reading, nor is ever told so."""
    file.unlink(missing_ok=True)
    os.mkfifo(file)
