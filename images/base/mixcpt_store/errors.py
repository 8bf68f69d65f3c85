"""The exceptions that end a step with one line: bad input, retryable failures and broken nodes."""

import errno

EXIT_RETRYABLE = 1
EXIT_BAD_INPUT = 2
# EX_UNAVAILABLE of sysexits.h. The pod's Job starts another one and does not count it (jobs/kube/failurePolicies.ts).
EXIT_BROKEN_NODE = 69

_NO_SPACE_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file may not grow",
}
# A path of the spec is wrong, or closed to the step: another attempt would fail in the same way.
_UNUSABLE_PATH_ERRORS = (
    errno.EACCES,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)


class InputError(Exception):
    """A bad spec or input file. Its message says where, what is wrong, with the value, and what is allowed."""


class RetryableError(Exception):
    """A failure that is not due to the input: a lost mount, an unreachable server. Its message says where and what."""


class BrokenNodeError(RetryableError):
    """A failure of the node, for example of its GPUs, that is not the fault of the run: it does not use up a retry."""


def is_os_error(error: Exception) -> bool:
    """Returns whether the operating system failed to read a file that exists.

    Libraries report damaged content as an OSError without errno: that is bad input.
    """
    return isinstance(error, OSError) and error.errno not in (None, errno.ENOENT)


def describe_no_space(error: OSError, where: object) -> str | None:
    """Formats the message for a full disk or quota while writing `where`; None for any other error."""
    if error.errno not in _NO_SPACE_REASONS:
        return None
    problem = f"{_NO_SPACE_REASONS[error.errno]} while writing {error.filename or where}"
    return f"{problem}: make room, then run it again; nothing half written is read"


def describe_unusable_path(error: OSError) -> str | None:
    """Formats the message for a path that is not accessible or has the wrong type; None for any other error."""
    if error.errno not in _UNUSABLE_PATH_ERRORS or not error.filename:
        return None
    paths = " and ".join(str(path) for path in (error.filename, error.filename2) if path)
    return f"{paths}: {error.strerror}; name another path in the spec, or change the path or its permissions"
