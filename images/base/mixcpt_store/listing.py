"""Lists folders of the store. From Python 3.13 on, glob takes one that cannot be read for an empty one."""

from fnmatch import fnmatchcase
from pathlib import Path


def list_matching(folder: Path, pattern: str) -> list[Path]:
    """Lists the entries whose names match, sorted; none for a folder that does not exist. Raises OSError."""
    try:
        return sorted(path for path in folder.iterdir() if fnmatchcase(path.name, pattern))
    except (FileNotFoundError, NotADirectoryError):
        return []
