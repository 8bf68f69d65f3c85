"""Lists folders of the store. From Python 3.13 on, glob takes one that cannot be read for an empty one."""

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from mixcpt_store.presence import is_file, is_present

_PATTERN_CHARACTERS = frozenset("*?[")
_ANY_FOLDERS = "**"


def list_matching(folder: Path, pattern: str) -> list[Path]:
    """Lists the entries whose names match, sorted; none for a folder that does not exist. Raises OSError."""
    try:
        return sorted(path for path in folder.iterdir() if fnmatchcase(path.name, pattern))
    except (FileNotFoundError, NotADirectoryError):
        return []


def list_matching_paths(folder: Path, pattern: str) -> list[Path]:
    """Lists what matches a pattern such as a/*/*.tsv below a folder, sorted, as Path.glob of Python 3.13 does.

    `**` stands for any number of folders, but of no links to them. Raises OSError for a folder that cannot be read,
    ValueError for a pattern that is none.
    """
    paths = [folder]
    for part in _split_pattern(pattern):
        paths = sorted({match for path in paths for match in _list_part(path, part)})
    return paths


def walk_folders(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yields a folder and all those below it, each with its files; none if it does not exist. Raises OSError."""
    for parent, _, names in os.walk(folder, onerror=_raise_unless_missing):
        yield Path(parent), [Path(parent) / name for name in names]


def list_files_below(folder: Path) -> list[Path]:
    """Lists all files below a folder, sorted; none for one that does not exist. Raises OSError."""
    return sorted(path for _, files in walk_folders(folder) for path in files if is_file(path))


def _split_pattern(pattern: str) -> list[str]:
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    if not parts or pattern.startswith("/"):
        raise ValueError("it must name files below the folder")
    if any(_ANY_FOLDERS in part and part != _ANY_FOLDERS for part in parts):
        raise ValueError("** stands for folders and must be between slashes")
    # The files in all these folders.
    return [*parts, "*"] if parts[-1] == _ANY_FOLDERS else parts


def _list_part(folder: Path, part: str) -> list[Path]:
    if part == _ANY_FOLDERS:
        return [parent for parent, _ in walk_folders(folder)]
    if _PATTERN_CHARACTERS.intersection(part):
        return list_matching(folder, part)
    # A folder whose entries may not be listed may still be passed.
    return [folder / part] if is_present(folder / part) else []


def _raise_unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
