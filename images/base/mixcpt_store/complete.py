"""The marker COMPLETE: written last. What has it is whole; nothing without it is ever read."""

import glob
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mixcpt_store.errors import RetryableError

MARKER = "COMPLETE"
_PARTIAL = ".partial-"


def is_complete(directory: Path) -> bool:
    return (directory / MARKER).is_file()


def require_complete(directory: Path, what: str) -> None:
    """Raises RetryableError when `directory` is not finished: a marker may be seen elsewhere before it is here."""
    if not is_complete(directory):
        state = "is there but unfinished" if directory.exists() else "does not exist"
        raise RetryableError(f"{what} {directory} {state}: wait for the step that writes {directory / MARKER}")


def write_atomically(path: Path, text: str) -> None:
    """Readers see the old file or the whole new one, also after a power cut; a failure leaves no part."""
    partial = path.with_name(f".{path.name}.partial-{socket.gethostname()}-{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _sync(path.parent)


def mark_complete(directory: Path, summary: dict[str, Any] | None = None) -> None:
    """Flushes every file below `directory` to disk, then writes the marker with `summary` as JSON."""
    for folder, _, files in os.walk(directory):
        for name in files:
            _sync(Path(folder) / name)
        _sync(Path(folder))
    write_atomically(directory / MARKER, json.dumps(summary or {}, ensure_ascii=False) + "\n")


@contextmanager
def write_directory(output: Path, summary: dict[str, Any]) -> Iterator[Path]:
    """Yields an empty directory that becomes `output`, marked, when the block ends without an exception.

    A directory `output` without a marker is what an older, killed attempt left: it is replaced.
    When another pod finished the same output meanwhile, its result stays and ours is dropped.
    """
    partial = output.with_name(f"{output.name}{_PARTIAL}{socket.gethostname()}-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        mark_complete(partial, summary)
        if not is_complete(output):
            shutil.rmtree(output, ignore_errors=True)
            partial.rename(output)
            _sync(output.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def remove_leftovers(output: Path) -> None:
    """What killed attempts at `output`, or at its parts in OUTPUT.work, left. For who has it to itself."""
    name = glob.escape(output.name)
    for pattern in (f"{name}{_PARTIAL}*", f"{name}.work/*{_PARTIAL}*"):
        for partial in output.parent.glob(pattern):
            shutil.rmtree(partial, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
