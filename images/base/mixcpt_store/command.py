"""Runs one verb of a step's command and turns bad input into one line and exit code 2."""

import errno
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from mixcpt_store.errors import EXIT_BAD_INPUT, InputError
from mixcpt_store.spec import Spec, parse_spec

_NO_SPACE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file may not grow",
}

Verb = Callable[[Spec], int | None]


def run_verb(name: str, verbs: Mapping[str, Verb], arguments: Sequence[str] | None = None) -> int:
    """`name VERB` with the spec in MIXCPT_SPEC. Returns the process's exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0] not in verbs:
        print(
            f"{name}: got {' '.join(arguments) or 'no verb'}; usage: {name} {'|'.join(verbs)}",
            file=sys.stderr,
        )
        return EXIT_BAD_INPUT
    return run_step(f"{name} {arguments[0]}", verbs[arguments[0]])


def run_step(name: str, step: Verb) -> int:
    """One step with the spec in MIXCPT_SPEC. Returns the process's exit code."""
    spec: Spec | None = None
    try:
        spec = parse_spec(os.environ.get("MIXCPT_SPEC"))
        return step(spec) or 0
    except InputError as error:
        return _refuse(name, str(error))
    except OSError as error:
        if error.errno not in _NO_SPACE:
            raise
        where = error.filename or (spec.shown("output") if spec else "")
        what = f"{_NO_SPACE[error.errno]} while writing {where}"
        return _refuse(name, f"{what}: make room, then run it again; nothing half written is read")


def _refuse(name: str, what: str) -> int:
    print(f"{name}: {what}", file=sys.stderr)
    return EXIT_BAD_INPUT
