"""The causes of a failed training that its error output tells, each with whether another attempt can succeed."""

import re

from mixcpt_store.errors import InputError, RetryableError

_MAX_LINE_LENGTH = 300
# Of torch on ROCm, CUDA and processors, and of HIP itself.
_OUT_OF_MEMORY = re.compile(
    r"OutOfMemoryError|(?:HIP|CUDA) out of memory|hipErrorOutOfMemory|can't allocate memory|MemoryError",
)
# Of the system, of safetensors, and of torch, which does not say why it cannot write.
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded|PytorchStreamWriter failed writing")
# Of torch and of RCCL, which keeps NCCL's names.
_COMMUNICATION = re.compile(r"DistBackendError|[NR]CCL error|nccl(?:System|Internal|Remote|UnhandledCuda)Error")


def find_cause(output: str, *, has_started: bool, has_saved: bool) -> InputError | RetryableError | None:
    """Returns the error to raise for the end of an error output; None if it tells no known cause.

    `has_started` is True once this attempt has taken a step, `has_saved` once it has written a checkpoint.
    """
    if line := _find_line(_OUT_OF_MEMORY, output):
        return _describe_out_of_memory(line, has_saved=has_saved)
    if line := _find_line(_NO_SPACE, output):
        # Another attempt would compute up to the next checkpoint and fail there, until all retries are used up.
        return InputError(
            f"no room to write ({line}): make room there, then run it again; nothing half written is read"
        )
    if not has_started and (line := _find_line(_COMMUNICATION, output)):
        # Not a BrokenNodeError: settings that cannot work, and a rank that ended for another reason, look the same, and
        # would be started again without end.
        return RetryableError(
            f"the ranks cannot communicate before the first step ({line}); if no rank failed above for another reason, "
            "./mixcpt preflight tests nodes and the network between them"
        )
    return None


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
