"""The causes of a failed training that its error output tells, each with whether another attempt can succeed."""

import errno
import os
import re
from collections.abc import Callable

from mixcpt_store.errors import InputError, RetryableError, describe_no_space, format_store_failure

_MAX_LINE_LENGTH = 300
# Of torch on ROCm, CUDA and processors, and of HIP itself.
_OUT_OF_MEMORY = re.compile(
    r"OutOfMemoryError|(?:HIP|CUDA) out of memory|hipErrorOutOfMemory|can't allocate memory|MemoryError",
)
# Of the system, and of safetensors.
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
# The same of a disk, a mount or a server that failed. Sockets have 107 and 108, too, but not in an OSError of Python;
# network cards have 5, in lines of RCCL.
_STORE_FAILURE = re.compile(
    r"^(?!.*(?:[NR]CCL|ibv_)).*"
    r"(?:Input/output error|Stale (?:NFS )?file handle|Remote I/O error|OSError: \[Errno (?:107|108)\])",
)
# Of torch, which does not say why it cannot write.
_WRITE_FAILURE = re.compile(r"PytorchStreamWriter failed writing|inline_container\.cc:\d+\] \. unexpected pos")
# Also printed where a library finds no folder for its cache, as the root of a pod is read-only.
_READ_ONLY = re.compile(r"Read-only file system")
# Of torch and of RCCL, which keeps NCCL's names.
_COMMUNICATION = re.compile(r"DistBackendError|[NR]CCL error|nccl(?:System|Internal|Remote|UnhandledCuda)Error")


def find_cause(
    output: str, *, has_started: bool, has_saved: bool, probe_store: Callable[[], OSError | None]
) -> InputError | RetryableError | None:
    """Returns the error to raise for the end of an error output; None if it tells no known cause.

    `has_started` is True once this attempt has taken a step, `has_saved` once it has written a checkpoint.
    `probe_store` writes a test file, and is called only where the output does not tell why a write failed.
    """
    if line := _find_line(_OUT_OF_MEMORY, output):
        return _describe_out_of_memory(line, has_saved=has_saved)
    if cause := _find_store_cause(output, probe_store):
        return cause
    if not has_started and (line := _find_line(_COMMUNICATION, output)):
        # Not a BrokenNodeError: settings that cannot work, and a rank that ended for another reason, look the same, and
        # would be started again without end.
        return RetryableError(
            f"the ranks cannot communicate before the first step ({line}); if no rank failed above for another reason, "
            "./mixcpt preflight tests nodes and the network between them"
        )
    return None


def _find_store_cause(output: str, probe_store: Callable[[], OSError | None]) -> InputError | RetryableError | None:
    """Returns an InputError for a store that takes no more files, a RetryableError for one that failed."""
    if line := _find_line(_NO_SPACE, output):
        return _describe_full_store(line)
    if line := _find_line(_STORE_FAILURE, output):
        return RetryableError(format_store_failure("a file of this training", line))
    if line := _find_line(_WRITE_FAILURE, output):
        return _describe_probe(line, probe_store())
    if (line := _find_line(_READ_ONLY, output)) and (problem := probe_store()):
        return _describe_probe(line, problem)
    return None


def _describe_full_store(line: str) -> InputError:
    # Another attempt would compute up to the next checkpoint and fail there, until all retries are used up.
    return InputError(f"no room to write ({line}): make room there, then run it again; nothing half written is read")


def _describe_probe(line: str, problem: OSError | None) -> InputError | RetryableError:
    """Tells apart by a test file what the line of a failed write leaves open."""
    if problem is None:
        return RetryableError(
            f"a checkpoint could not be written ({line}), but the store takes files now: it failed for a while, or has "
            "no room for a whole checkpoint; the next attempt resumes"
        )
    if describe_no_space(problem, ""):
        return _describe_full_store(f"{line}; a test file: {problem.strerror}")
    where = problem.filename or "the run's folder"
    if problem.errno == errno.EROFS:
        return InputError(f"{where}: the store is read-only ({line}): make it writable, then run it again")
    return RetryableError(format_store_failure(where, f"{os.strerror(problem.errno or 0)}; {line}"))


def _describe_out_of_memory(line: str, *, has_saved: bool) -> InputError | RetryableError:
    if has_saved:
        return RetryableError(f"out of memory after a checkpoint of this attempt ({line}); the next one resumes there")
    return InputError(
        f"out of memory ({line}); the same settings would fail again: set a smaller microBatch or zero: 3 in "
        "mixcpt:execution, or more nodes (nodesPerCell in mixcpt:hardware)"
    )


def _find_line(pattern: re.Pattern[str], output: str) -> str | None:
    line = next((line for line in re.split(r"[\r\n]+", output) if pattern.search(line)), None)
    return line and line.strip()[:_MAX_LINE_LENGTH]
