"""Lists folders of the store. From Python 3.13 on, glob takes one that cannot be read for an empty one."""

import os
from fnmatch import fnmatchcase
from pathlib import Path


def list_matching(folder: Path, pattern: str) -> list[Path]:
    """Lists the entries whose names match, sorted; none for a folder that does not exist. Raises OSError."""
    try:
        return sorted(path for path in folder.iterdir() if fnmatchcase(path.name, pattern))
    except (FileNotFoundError, NotADirectoryError):
        return []


def list_matching_paths(folder: Path, pattern: str) -> list[Path]:
    """Lists what matches a pattern such as a/*/*.tsv, without `**`, sorted. Raises OSError."""
    paths = [folder]
    for part in pattern.split("/"):
        paths = [match for path in paths for match in list_matching(path, part)]
    return paths


def list_files_below(folder: Path) -> list[Path]:
    """Lists all files below a folder, sorted; none for one that does not exist. Raises OSError."""
    found = os.walk(folder, onerror=_raise)
    return sorted(path for parent, _, names in found for name in names if (path := Path(parent) / name).is_file())


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
