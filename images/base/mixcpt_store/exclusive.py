"""A lock per output, so that one pod at a time writes it: several stacks may need the same folder of the store."""

import errno
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from mixcpt_store.complete import settle_leftovers
from mixcpt_store.spec import Spec, find_unusable_character

_Verb = Callable[[Spec], int | None]
# Errors of file systems without locks. On those, stacks must not write the same output at the same time.
_LOCKS_UNSUPPORTED = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


@contextmanager
def lock_output(output: Path) -> Iterator[None]:
    """Waits until no other process works on `output`, then removes or finishes the leftovers of killed attempts.

    The operating system releases the lock when the process ends, however it ends.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f".{output.name}.lock").open("a+") as file:
        if _acquire_lock(file, output):
            _write_holder(file)
            settle_leftovers(output)
        else:
            # Of a pod of the same name, as the one that this one replaces has in an Indexed Job.
            settle_leftovers(output, socket.gethostname())
        yield


def with_exclusive_output(verb: _Verb) -> _Verb:
    """Wraps a verb so that it runs with its spec's output locked.

    A spec without a valid output is passed on unlocked: the verb reports it with all other problems.
    """

    def run_exclusively(spec: Spec) -> int | None:
        output = spec.format_value("output")
        if not output.startswith("/") or find_unusable_character(output):
            return verb(spec)
        if Path(output).name in ("", ".."):
            spec.add_problem("output", f"is {output!r}; it must name a folder of the store")
            return verb(spec)
        with lock_output(Path(output)):
            return verb(spec)

    return run_exclusively


def _acquire_lock(file: IO[str], output: Path) -> bool:
    """Returns False if the file system does not support locks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"{_describe_lock(file)}, which works on {output}; waiting", flush=True)
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _LOCKS_UNSUPPORTED:
            raise
        return False
    return True


def _write_holder(file: IO[str]) -> None:
    """Records this process in its lock's file, for those that wait. The name of a pod's host is that of the pod."""
    text = f"{socket.gethostname()} {os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
    with suppress(OSError):  # the lock needs no room on a full disk
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), text.encode())


def _describe_lock(file: IO[str]) -> str:
    """Names the holder of a lock and the command that breaks it. Deleting the file would not: two pods would write."""
    file.seek(0)
    words = file.read().split()
    if len(words) != 3:  # an earlier version holds the lock, or its holder has not written yet
        return f"{file.name} is locked by another pod"
    pod, process, since = words
    return f"{file.name} is locked by pod {pod} (process {process}) since {since} (to end it: kubectl delete pod {pod})"
