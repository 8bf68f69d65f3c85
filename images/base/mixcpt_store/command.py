"""Runs a verb of a step's command: bad input prints one line and exits with 2, a retryable failure with 1."""

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
    """Runs `name VERB` with the spec in MIXCPT_SPEC and returns the exit code of the process."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0] not in verbs:
        print(
            f"{name}: got {' '.join(arguments) or 'no verb'}; usage: {name} {'|'.join(verbs)}",
            file=sys.stderr,
        )
        return EXIT_BAD_INPUT
    return run_step(f"{name} {arguments[0]}", verbs[arguments[0]])


def run_step(name: str, step: Verb) -> int:
    """Runs one step with the spec in MIXCPT_SPEC and returns the exit code of the process."""
    signal.signal(signal.SIGTERM, _exit_on_signal)
    spec: Spec | None = None
    try:
        spec = parse_spec(os.environ.get("MIXCPT_SPEC"))
        return step(spec) or 0
    except InputError as error:
        return _report_bad_input(name, str(error))
    except RetryableError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return EXIT_RETRYABLE
    except OSError as error:
        message = describe_no_space(error, spec.format_value("output") if spec else "")
        if message is None:
            raise
        return _report_bad_input(name, message)


def _exit_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwinds the stack, so that a step removes its partial output.

    PID 1 of a pod ignores signals that have no handler: without this one, the step would not stop at all.
    """
    raise SystemExit(128 + number)


def _report_bad_input(name: str, message: str) -> int:
    print(f"{name}: {message}", file=sys.stderr)
    return EXIT_BAD_INPUT
