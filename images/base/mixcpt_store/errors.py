"""The one exception for input that a user can mend."""

import errno

EXIT_BAD_INPUT = 2

_NO_SPACE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file may not grow",
}


class InputError(Exception):
    """Bad spec or input file. Its message: where, what is wrong with the value shown, what is allowed."""


def without_room(error: OSError, where: object) -> str | None:
    """What to tell the user when there was no room to write `where`; None for any other error."""
    if error.errno not in _NO_SPACE:
        return None
    what = f"{_NO_SPACE[error.errno]} while writing {error.filename or where}"
    return f"{what}: make room, then run it again; nothing half written is read"
