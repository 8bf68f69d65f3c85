"""Turns the exceptions of libraries into one line: type, text, place and advice. A user never reads a traceback."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mixcpt_evaluate.engine_ends import find_end_advice
from mixcpt_evaluate.engine_errors import read_engine_error
from mixcpt_evaluate.error_places import find_place
from mixcpt_evaluate.memory_errors import find_memory_advice, is_share_too_small
from mixcpt_store.errors import InputError, RetryableError, describe_no_space, describe_store_failure

_MAX_TEXT_LENGTH = 600
_PASSING_ADVICE = (
    "the next attempt may succeed; if it fails in the same way, the checkpoint does not suit this image's libraries"
)
_PERMANENT_ADVICE = (
    "another attempt would fail in the same way: the checkpoint or a file of the benchmark does not suit this image"
)
# The same input raises them each time. A RuntimeError may also come from the device, an OSError from a lost mount.
_PERMANENT_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
# A damaged file of weights. Errors of reading it have the system's number and are recognized before.
_PERMANENT_ERROR_NAMES = ("SafetensorError",)
# Parts of messages after which the process can no longer compute: vLLM's engine has ended, or the device refuses all
# calls of this process. In lower case.
_LOST_BACKEND_TEXTS = (
    "enginedeaderror",
    "engineendederror",
    "enginecore encountered an issue",
    "device-side assert",
    "illegal memory access",
    "memory access fault",
    "hip error",
    "cuda error",
)


class LibraryError(Exception):
    """An exception of a library, described in one line: the `problem`, then the `advice`."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem}; {advice}")
        self.problem = problem
        self.advice = advice


class PermanentLibraryError(LibraryError, InputError):
    """A failure that would occur again with the same input and image."""


class PassingLibraryError(LibraryError, RetryableError):
    """A failure that another attempt may not meet."""


class LostBackendError(PassingLibraryError):
    """A failure after which this process can evaluate nothing more, such as the end of vLLM's engine."""


@contextmanager
def raise_described_errors() -> Iterator[None]:
    """Raises an exception with a message of one line in place of any exception of a library.

    It is a PermanentLibraryError when the same input would fail again, a LostBackendError when the process can compute
    nothing more, otherwise a RetryableError. InputError, RetryableError and the errors of a full disk pass unchanged.
    """
    try:
        yield
    except (InputError, RetryableError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is not an Exception
        if isinstance(error, OSError) and describe_no_space(error, "") is not None:
            raise
        raise _build_described_error(error) from error


def _build_described_error(error: BaseException) -> InputError | RetryableError:
    problem = describe_library_error(error)
    if advice := find_memory_advice(error):
        kind = PermanentLibraryError if is_share_too_small(error) else PassingLibraryError
        return kind(f"out of memory ({problem})", advice)
    if reason := describe_store_failure(error, "a file of this evaluation"):
        return RetryableError(reason)
    if isinstance(error, OSError) and error.errno is not None:
        return RetryableError(str(error))
    if _is_backend_lost(error):
        return _build_lost_backend_error(error)
    if isinstance(error, _PERMANENT_ERRORS) or type(error).__name__ in _PERMANENT_ERROR_NAMES:
        return PermanentLibraryError(problem, _PERMANENT_ADVICE)
    return PassingLibraryError(problem, _PASSING_ADVICE)


def describe_library_error(error: BaseException) -> str:
    """Returns `Type: text (file.py, line 7)` in one line; a long text keeps its beginning and its end."""
    text = " ".join(str(error).split()) or "no message"
    if len(text) > _MAX_TEXT_LENGTH:
        half = _MAX_TEXT_LENGTH // 2
        text = f"{text[:half]} […] {text[-half:]}"
    place = find_place(error)
    return f"{type(error).__name__}: {text}" + (f" ({place})" if place else "")


def _is_backend_lost(error: BaseException) -> bool:
    text = f"{type(error).__name__} {error}".lower()
    return any(part in text for part in _LOST_BACKEND_TEXTS)


def _build_lost_backend_error(error: BaseException) -> LostBackendError:
    recorded = read_engine_error(error)
    cause = recorded or error
    advice = find_memory_advice(cause) or find_end_advice(cause) or _PASSING_ADVICE
    place = "vLLM's engine has ended: " if recorded else ""
    return LostBackendError(f"{place}{describe_library_error(cause)}", advice)


def free_device_memory() -> None:
    """Returns the memory that a failed unit held to the device, so that the next unit has it."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "cuda") or not torch.cuda.is_available():
        return
    gc.collect()
    # After some errors the device itself refuses every call; the next unit then says so.
    try:
        torch.cuda.empty_cache()
    except RuntimeError:
        return
