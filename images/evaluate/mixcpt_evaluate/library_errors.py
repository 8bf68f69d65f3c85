"""Turns the exceptions of libraries into one line: type, text, place and advice. A user never reads a traceback."""

import gc
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mixcpt_store.errors import InputError, RetryableError, describe_no_space

_MAX_TEXT_LENGTH = 600
# Parts of messages of torch, ROCm, CUDA, glibc and vLLM, in lower case.
_OUT_OF_MEMORY_TEXTS = (
    "out of memory",
    "outofmemory",
    "can't allocate memory",
    "cannot allocate memory",
    "kv cache",
    "no available memory for the cache blocks",
    "less than desired gpu memory utilization",
)
_OUT_OF_MEMORY_ADVICE = (
    "use a smaller batch (spec.batchTokens), a device with more memory or, with vLLM, a smaller max_model_len, "
    "which vLLM takes from max_position_embeddings in the checkpoint's config.json"
)
_OTHER_ADVICE = (
    "the next attempt may succeed; if it fails in the same way, the checkpoint does not suit this image's libraries"
)


@contextmanager
def raise_described_errors() -> Iterator[None]:
    """Raises RetryableError with a message of one line in place of any exception of a library.

    InputError, RetryableError and the errors of a full disk pass unchanged.
    """
    try:
        yield
    except (InputError, RetryableError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and describe_no_space(error, "") is not None:
            raise
        raise RetryableError(describe_with_advice(error)) from error


def describe_with_advice(error: Exception) -> str:
    if is_out_of_memory(error):
        return f"out of memory ({describe_library_error(error)}); {_OUT_OF_MEMORY_ADVICE}"
    if isinstance(error, OSError) and error.errno is not None:
        return str(error)
    return f"{describe_library_error(error)}; {_OTHER_ADVICE}"


def describe_library_error(error: Exception) -> str:
    """Returns `Type: text (file.py, line 7)` in one line; a long text keeps its beginning and its end."""
    text = " ".join(str(error).split()) or "no message"
    if len(text) > _MAX_TEXT_LENGTH:
        half = _MAX_TEXT_LENGTH // 2
        text = f"{text[:half]} […] {text[-half:]}"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{place}"


def is_out_of_memory(error: Exception) -> bool:
    """Returns whether the device or the machine has no room for what was asked."""
    text = f"{type(error).__name__} {error}".lower()
    return isinstance(error, MemoryError) or any(part in text for part in _OUT_OF_MEMORY_TEXTS)


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
