"""The marker COMPLETE, written last: a directory that has it is finished; one without it is never read."""

import errno
import glob
import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mixcpt_store.errors import RetryableError
from mixcpt_store.listing import list_matching_paths, walk_folders
from mixcpt_store.presence import is_file, is_link, is_present

MARKER = "COMPLETE"
_PARTIAL_INFIX = ".partial-"
# Our assumption: a pod that still writes a folder changes something in it within this time.
_ABANDONED_SECONDS = 3600.0
# Of a rename to the name of a folder that is not empty.
_OCCUPIED = (errno.ENOTEMPTY, errno.EEXIST)


def is_complete(directory: Path) -> bool:
    return is_file(directory / MARKER)


def require_complete(directory: Path, what: str) -> None:
    """Raises RetryableError if `directory` is unfinished: on a shared file system a new marker may appear late."""
    if not is_complete(directory):
        state = "is there but unfinished" if is_present(directory) else "does not exist"
        raise RetryableError(f"{what} {directory} {state}: wait for the step that writes {directory / MARKER}")


def remove_broken_link(output: Path) -> None:
    """Removes a link whose target was deleted, which would keep the output from being made.

    `mixcpt adopt` links finished outputs under new names. All nodes of a run call this at the same time.
    """
    if not is_link(output) or is_present(output):
        return
    try:
        output.unlink(missing_ok=True)
    except OSError:
        if is_link(output):
            raise
        # Another pod has removed the link, and made the folder.


def write_atomically(path: Path, text: str) -> None:
    """Replaces a file in one step: readers see the old or the whole new text, even after a power cut.

    A failed write leaves no partial file.
    """
    partial = _name_partial(path.with_name(f".{path.name}"))
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _flush_path(path.parent)


def mark_complete(directory: Path, summary: dict[str, Any] | None = None) -> None:
    """Flushes every file below `directory` to disk, then writes the marker with `summary` as JSON."""
    flush_to_disk(directory)
    write_marker(directory, summary or {})


def flush_to_disk(directory: Path) -> None:
    """Flushes every file below `directory` to disk, so that the marker may be written.

    A hidden file may vanish meanwhile: other pods write their logs there with `write_atomically`.
    """
    for folder, files in walk_folders(directory):
        for file in files:
            _flush_file(file)
        _flush_path(folder)


def _flush_file(file: Path) -> None:
    try:
        _flush_path(file)
    except FileNotFoundError:
        if not file.name.startswith("."):
            raise


def write_marker(directory: Path, summary: dict[str, Any]) -> None:
    """Writes the marker alone, as for one that has a marker and gets another summary."""
    write_atomically(directory / MARKER, json.dumps(summary, ensure_ascii=False) + "\n")


@contextmanager
def write_directory(output: Path, summary: dict[str, Any]) -> Iterator[Path]:
    """Yields an empty directory that becomes `output`, marked, when the block ends without an exception.

    A directory `output` without a marker was left by an earlier, killed attempt and is replaced. A link to such a
    directory is replaced, too, and the directory stays.
    If another pod has finished the same output in the meantime, its result is kept and this one is discarded.
    Where the store fails after the last byte was written, the finished directory stays for the next attempt
    (`settle_leftovers`).
    """
    partial = _name_partial(output)
    partial.mkdir(parents=True)
    try:
        yield partial
        mark_complete(partial, summary)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    _publish(partial, output)


def settle_leftovers(output: Path, pod: str = "") -> None:
    """Removes what killed attempts at `output`, or at its parts in OUTPUT.work, left behind; finishes what they marked.

    The caller must hold the lock on `output`: the leftovers of a live attempt look the same. Without one, it names a
    pod, of whose folders only those are removed in which nothing has changed for an hour: one of the same name may
    live, in another cluster or on a node that is cut off.
    """
    name, suffix = glob.escape(output.name), f"{_PARTIAL_INFIX}{glob.escape(f'{pod}-') if pod else ''}*"
    for pattern in (f"{name}{suffix}", f"{name}.work/*{suffix}"):
        for partial in list_matching_paths(output.parent, pattern):
            if is_complete(partial):
                _publish(partial, partial.with_name(partial.name.rpartition(_PARTIAL_INFIX)[0]))
            elif not pod or _is_abandoned(partial, output):
                shutil.rmtree(partial, ignore_errors=True)


def _is_abandoned(partial: Path, output: Path) -> bool:
    paths = (path for folder, files in walk_folders(partial) for path in (folder, *files))
    try:
        now = _read_store_time(output)
        return all(now - path.lstat().st_mtime >= _ABANDONED_SECONDS for path in paths)
    except OSError:  # its pod removes it meanwhile, or there is no room for a new folder
        return False


def _read_store_time(path: Path) -> float:
    """Returns the time of a new folder beside a path, so of the store's server where there is one.

    A node whose clock is fast would otherwise take the folders of live pods for old ones.
    """
    new = _name_partial(path)
    new.mkdir()
    try:
        return new.stat().st_mtime
    finally:
        new.rmdir()


def _publish(finished: Path, output: Path) -> None:
    """Gives a marked directory its name, or removes it if the output is complete by now."""
    if is_complete(output) or not _rename_unless_complete(finished, output):
        shutil.rmtree(finished, ignore_errors=True)
        return
    _flush_path(output.parent)


def _rename_unless_complete(finished: Path, output: Path) -> bool:
    """Returns False if another pod has finished the output meanwhile, as it may where the store has no locks."""
    try:
        if is_link(output):
            output.unlink(missing_ok=True)
        _rename_over_leftover(finished, output)
    except OSError:
        if not is_complete(output):
            raise
        return False
    return True


def _rename_over_leftover(finished: Path, output: Path) -> None:
    """Removes what has the name already only once the rename says so: what another pod has finished must stay."""
    try:
        finished.rename(output)
    except OSError as error:
        if error.errno not in _OCCUPIED or is_complete(output):
            raise
        shutil.rmtree(output, ignore_errors=True)
        finished.rename(output)


def _name_partial(path: Path) -> Path:
    """Returns a new name beside a path. By the pod, `settle_leftovers` finds what may be its own.

    Pod and process may be the same for a pod that replaces another, and for the pods of two clusters with one store.
    """
    return path.with_name(f"{path.name}{_PARTIAL_INFIX}{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}")


def _flush_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
