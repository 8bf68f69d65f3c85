"""Tells what is missing from what cannot be read now. From Python 3.14 on, pathlib takes both for missing.

Before, only `resolve` did. All packages of the images ask here, which base/tests/test_presence.py checks.
"""

import errno
import stat
from pathlib import Path

# Nothing is there, a parent is no folder, or links lead to each other in a circle: as in pathlib before 3.14.
_ABSENCE_ERRORS = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


def is_present(path: Path) -> bool:
    """Returns whether a path leads to anything. Raises OSError where that cannot be told, as the others here."""
    return _read_mode(path) is not None


def is_file(path: Path) -> bool:
    return stat.S_ISREG(_read_mode(path) or 0)


def is_folder(path: Path) -> bool:
    return stat.S_ISDIR(_read_mode(path) or 0)


def is_link(path: Path) -> bool:
    return stat.S_ISLNK(_read_mode(path, follow_symlinks=False) or 0)


def resolve_links(path: Path) -> Path:
    """Follows all links of a path, as far as they lead. Raises OSError for one that cannot be read."""
    try:
        return path.resolve(strict=is_present(path))
    except FileNotFoundError:  # another process has removed it in the meantime
        return path.resolve()


def _read_mode(path: Path, *, follow_symlinks: bool = True) -> int | None:
    """Returns type and permissions of what is at a path, None if nothing is."""
    try:
        return path.stat(follow_symlinks=follow_symlinks).st_mode
    except OSError as error:
        if error.errno in _ABSENCE_ERRORS:
            return None
        raise
    except ValueError:  # no file can have such a name
        return None
