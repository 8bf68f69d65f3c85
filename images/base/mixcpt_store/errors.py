"""The exceptions that end a step with one line: bad input, retryable failures and broken nodes."""

import errno
import os
import re
from collections.abc import Iterator

EXIT_RETRYABLE = 1
EXIT_BAD_INPUT = 2
# EX_UNAVAILABLE of sysexits.h. The pod's Job starts another one and does not count it (jobs/kube/failurePolicies.ts).
EXIT_BROKEN_NODE = 69

_NO_SPACE_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file may not grow",
}
# The disk, the mount or the server behind it failed. That is no lack of room, and passes.
_STORE_FAILURES = (errno.EIO, errno.ESTALE, errno.EREMOTEIO)
# The same of FUSE and of Lustre. Sockets have these numbers, too, but name no file.
_LOST_MOUNTS = (errno.ENOTCONN, errno.ESHUTDOWN)
# Libraries in Rust, such as safetensors and tokenizers, raise exceptions of their own with the number in the text.
_RUST_OS_ERROR = re.compile(r"\(os error (\d+)\)|Os \{ code: (\d+),")
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


def find_errno(error: BaseException) -> int | None:
    """Returns the number of the operating system's error that this one is, or has as its cause; None without one."""
    return next((number for each in _list_causes(error) if (number := _read_errno(each)) is not None), None)


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # `raise error from error` makes a circle
        seen.add(id(error))
        yield error
        error = error.__cause__


def _read_errno(error: BaseException) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    found = _RUST_OS_ERROR.search(str(error))
    return found and int(found[1] or found[2])


def is_os_error(error: Exception) -> bool:
    """Returns whether the operating system failed to read a file that exists.

    Libraries report damaged content as an OSError without errno: that is bad input.
    """
    return find_errno(error) not in (None, errno.ENOENT)


def is_store_failure(error: BaseException) -> bool:
    """Returns whether the store failed, and not its content: another attempt may read or write the same file."""
    number = find_errno(error)
    return number in _STORE_FAILURES or (number in _LOST_MOUNTS and getattr(error, "filename", None) is not None)


def describe_store_failure(error: BaseException, where: object) -> str | None:
    """Formats the message for a failed disk, mount or server behind `where`; None for any other error."""
    if not is_store_failure(error):
        return None
    return format_store_failure(getattr(error, "filename", None) or where, os.strerror(find_errno(error) or 0))


def format_store_failure(where: object, reason: str) -> str:
    return (
        f"the store failed at {where} ({reason}): this is no lack of room, and another attempt may succeed; if it does "
        "not, the store's server, or its mount on this node, needs a look"
    )


def describe_no_space(error: BaseException, where: object) -> str | None:
    """Formats the message for a full disk or quota while writing `where`; None for any other error."""
    reason = _NO_SPACE_REASONS.get(find_errno(error) or 0)
    if reason is None:
        return None
    problem = f"{reason} while writing {getattr(error, 'filename', None) or where}"
    return f"{problem}: make room, then run it again; nothing half written is read"


def describe_unusable_path(error: OSError) -> str | None:
    """Formats the message for a path that is not accessible or has the wrong type; None for any other error."""
    if error.errno not in _UNUSABLE_PATH_ERRORS or not error.filename:
        return None
    paths = " and ".join(str(path) for path in (error.filename, error.filename2) if path)
    return f"{paths}: {error.strerror}; name another path in the spec, or change the path or its permissions"
