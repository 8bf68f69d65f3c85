"""The two exceptions that end a step with one line: wrong input, and what may be gone the next time."""

import errno

EXIT_RETRYABLE = 1
EXIT_BAD_INPUT = 2

_NO_SPACE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file may not grow",
}


class InputError(Exception):
    """Bad spec or input file. Its message: where, what is wrong with the value shown, what is allowed."""


class RetryableError(Exception):
    """Not the input is wrong: a mount was lost, a server did not answer. Its message: where and what."""


def is_os_error(error: Exception) -> bool:
    """Whether the system could not read what is there. What libraries find damaged has no number."""
    return isinstance(error, OSError) and error.errno not in (None, errno.ENOENT)


def describe_no_space(error: OSError, where: object) -> str | None:
    """What to tell the user when there was no room to write `where`; None for any other error."""
    if error.errno not in _NO_SPACE:
        return None
    what = f"{_NO_SPACE[error.errno]} while writing {error.filename or where}"
    return f"{what}: make room, then run it again; nothing half written is read"
