"""A lock per output, so that one pod at a time writes it: several stacks may need the same folder of the store."""

import errno
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mixcpt_store.complete import remove_leftovers
from mixcpt_store.spec import Spec, find_unusable_character

_Verb = Callable[[Spec], int | None]
# Errors of file systems without locks. On those, stacks must not write the same output at the same time.
_LOCKS_UNSUPPORTED = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


@contextmanager
def lock_output(output: Path) -> Iterator[None]:
    """Waits until no other process works on `output`, then removes the leftovers of killed attempts.

    The operating system releases the lock when the process ends, however it ends.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f".{output.name}.lock").open("a") as file:
        if _acquire_lock(file.fileno(), output):
            remove_leftovers(output)
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


def _acquire_lock(descriptor: int, output: Path) -> bool:
    """Returns False if the file system does not support locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"another pod is working on {output}; waiting", flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _LOCKS_UNSUPPORTED:
            raise
        return False
    return True
