"""One pod at a time makes an output: several stacks may ask for the same folder of the store."""

import errno
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mixcpt_store.complete import remove_leftovers
from mixcpt_store.spec import Spec

_Verb = Callable[[Spec], int | None]
# File systems without locks: there, the stacks of a cluster must not ask for the same thing at the same time.
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)


@contextmanager
def lock_output(output: Path) -> Iterator[None]:
    """Waits until nobody else works on `output`, and clears away what those left who died of it.

    The lock ends with the process, however that ends.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.with_name(f".{output.name}.lock").open("a") as file:
        if _locked(file.fileno(), output):
            remove_leftovers(output)
        yield


def with_exclusive_output(verb: _Verb) -> _Verb:
    """The verb, with the spec's output to itself. A spec without one is the verb's to refuse."""

    def exclusive(spec: Spec) -> int | None:
        output = spec.format_value("output")
        if not output.startswith("/"):
            return verb(spec)
        with lock_output(Path(output)):
            return verb(spec)

    return exclusive


def _locked(descriptor: int, output: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"another pod is at work on {output}; waiting", flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True
