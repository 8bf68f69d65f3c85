"""Ends a step with one line after an exception that nothing else expects: a user never reads a traceback."""

import traceback
from pathlib import Path

from mixcpt_store.command import Verb
from mixcpt_store.errors import InputError, RetryableError, describe_no_space
from mixcpt_store.spec import Spec


def describe_in_one_line(step: Verb) -> Verb:
    """Wraps a step: any exception other than InputError, RetryableError and a full disk becomes RetryableError."""

    def run_described(spec: Spec) -> int | None:
        try:
            return step(spec)
        except (InputError, RetryableError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and describe_no_space(error, "") is not None:
                raise
            raise RetryableError(_describe_exception(error)) from error

    return run_described


def _describe_exception(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()) or "no message"
    return f"{type(error).__name__}: {text} ({Path(frame.filename).name}, line {frame.lineno})"
