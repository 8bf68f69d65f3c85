"""Runs a verb of a step's command: bad input prints one line and exits with 2, a broken node with 69, others with 1."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from types import FrameType
from typing import NoReturn

from mixcpt_store.errors import (
    EXIT_BAD_INPUT,
    EXIT_BROKEN_NODE,
    EXIT_RETRYABLE,
    BrokenNodeError,
    InputError,
    RetryableError,
    describe_no_space,
    describe_store_failure,
    describe_unusable_path,
)
from mixcpt_store.spec import Spec, parse_spec
from mixcpt_store.store_identity import require_store
from mixcpt_store.unexpected import describe_unexpected

Verb = Callable[[Spec], int | None]
# Prints the traceback of a failure that is not bad input below its line.
_DEBUG_VARIABLE = "MIXCPT_DEBUG"


def run_verb(
    name: str,
    verbs: Mapping[str, Verb],
    arguments: Sequence[str] | None = None,
    *,
    without_store: Collection[str] = (),
) -> int:
    """Runs `name VERB` with the spec in MIXCPT_SPEC and returns the exit code of the process.

    The verbs in `without_store` also run where the store is missing.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0] not in verbs:
        print(
            f"{name}: got {' '.join(arguments) or 'no verb'}; usage: {name} {'|'.join(verbs)}",
            file=sys.stderr,
        )
        return EXIT_BAD_INPUT
    verb = arguments[0]
    return run_step(f"{name} {verb}", verbs[verb], needs_store=verb not in without_store)


def run_step(name: str, step: Verb, *, needs_store: bool = True) -> int:
    """Runs one step with the spec in MIXCPT_SPEC, once the store is there, and returns the exit code of the process."""
    signal.signal(signal.SIGTERM, exit_on_signal)
    spec: Spec | None = None
    try:
        spec = parse_spec(os.environ.get("MIXCPT_SPEC"))
        if needs_store:
            require_store()
        return step(spec) or 0
    except InputError as error:
        return _report_bad_input(name, str(error))
    except RetryableError as error:
        print(f"{name}: {error}", file=sys.stderr)
        print_debug_traceback(error)
        return EXIT_BROKEN_NODE if isinstance(error, BrokenNodeError) else EXIT_RETRYABLE
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is not an Exception
        return _report_other_error(name, error, spec.format_value("output") if spec else "")


def _report_other_error(name: str, error: BaseException, output: str) -> int:
    """Prints one line, so that a pod's log ends with the reason, and returns the exit code."""
    message = describe_no_space(error, output)
    if message is None and isinstance(error, OSError):
        message = describe_unusable_path(error)
    if message:
        return _report_bad_input(name, message)
    reason = describe_store_failure(error, output or "a path") or describe_unexpected(error)
    print(f"{name}: {reason}; set {_DEBUG_VARIABLE}=1 for the traceback", file=sys.stderr)
    print_debug_traceback(error)
    return EXIT_RETRYABLE


def print_debug_traceback(error: BaseException) -> None:
    """Prints the traceback of a failure whose line was printed, if MIXCPT_DEBUG is set."""
    if os.environ.get(_DEBUG_VARIABLE):
        traceback.print_exception(error)


def exit_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwinds the stack, so that a step removes its partial output.

    PID 1 of a pod ignores signals that have no handler: without this one, the step would not stop at all.
    """
    raise SystemExit(128 + number)


def _report_bad_input(name: str, message: str) -> int:
    print(f"{name}: {message}", file=sys.stderr)
    return EXIT_BAD_INPUT
