"""Runs one verb of a step's command: bad input is one line and exit code 2, what may pass one line and 1."""

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import NoReturn

from mixcpt_store.errors import EXIT_BAD_INPUT, EXIT_RETRYABLE, InputError, RetryableError, describe_no_space
from mixcpt_store.spec import Spec, parse_spec

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
    signal.signal(signal.SIGTERM, _end)
    spec: Spec | None = None
    try:
        spec = parse_spec(os.environ.get("MIXCPT_SPEC"))
        return step(spec) or 0
    except InputError as error:
        return _refuse(name, str(error))
    except RetryableError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return EXIT_RETRYABLE
    except OSError as error:
        what = describe_no_space(error, spec.format_value("output") if spec else "")
        if what is None:
            raise
        return _refuse(name, what)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """What a step began is cleared away. Without a handler, a pod's first process would not end at all."""
    raise SystemExit(128 + number)


def _refuse(name: str, what: str) -> int:
    print(f"{name}: {what}", file=sys.stderr)
    return EXIT_BAD_INPUT
