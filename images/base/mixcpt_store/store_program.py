"""The program of pods that run no step: `python3 -m mixcpt_store.store_program VERB`.

`require` ends well where the folder is the cluster's store. `identify` prints the id of the store, which gets one if it
has none, and `identify-disk` allows the store to be a disk of the node.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_BROKEN_NODE, EXIT_RETRYABLE, BrokenNodeError, InputError
from mixcpt_store.store_identity import FOLDER_VARIABLE, NODE_VARIABLE, require_store, write_identity

_NAME = "mixcpt-store"


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code of the process, after one line for what went wrong."""
    verbs: dict[str, Callable[[], None]] = {
        "require": require_store,
        "identify": partial(print_identity, may_be_disk=False),
        "identify-disk": partial(print_identity, may_be_disk=True),
    }
    if len(arguments) != 1 or arguments[0] not in verbs:
        return _fail(f"got {' '.join(arguments) or 'no verb'}; usage: {_NAME} {'|'.join(verbs)}", EXIT_BAD_INPUT)
    try:
        verbs[arguments[0]]()
    except InputError as error:
        return _fail(str(error), EXIT_BAD_INPUT)
    except BrokenNodeError as error:
        return _fail(str(error), EXIT_BROKEN_NODE)
    except OSError as error:
        return _fail(str(error), EXIT_RETRYABLE)
    return 0


def print_identity(*, may_be_disk: bool) -> None:
    """Prints the id and the node, for `./mixcpt cluster up` (cli/cluster/identifyStore.ts)."""
    identity = write_identity(Path(os.environ[FOLDER_VARIABLE]), may_be_disk=may_be_disk)
    print(json.dumps({"id": identity, "node": os.environ.get(NODE_VARIABLE, "")}))


def _fail(message: str, code: int) -> int:
    print(f"{_NAME}: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
