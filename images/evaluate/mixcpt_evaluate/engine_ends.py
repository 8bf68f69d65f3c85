"""How a process of vLLM's engine ended that could not say why, and what helps."""

import re
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import Signals, strsignal
from traceback import walk_tb

_MEMORY_ADVICE = (
    "the kernel kills a process so when memory is used up: raise evaluation.memoryGiB in the cluster's file, and on "
    "an APU such as MI300A, whose device memory is the node's, lower gpuMemoryUtilization of `serving`; the node's "
    "kernel log (dmesg) says what ended it"
)
_MAPPING_ADVICE = (
    "a mapped file could not be read: the store's mount on this node, or the pod's /dev/shm, needs a look; the next "
    "attempt may succeed"
)
_FAULT_ADVICE = (
    "the lines above and the node's kernel log (dmesg) say what failed: a fault of the GPU or its driver, or of a "
    "library; the next attempt may succeed"
)
_SIGNAL_ADVICE = {"killed by SIGKILL": _MEMORY_ADVICE, "killed by SIGBUS": _MAPPING_ADVICE}
# Between the end of a process and the moment in which its exit code can be read, by us or by vLLM.
_EXIT_CODE_SECONDS = 5.0
# A part of vLLM's message when a process of the engine ends at its start, and the variable that has the processes.
_START_FAILED = "Failed core proc(s)"
_MANAGER_VARIABLE = "proc_manager"
# In a container, its own: cgroup v2, then v1.
_OOM_FILES = (Path("/sys/fs/cgroup/memory.events"), Path("/sys/fs/cgroup/memory/memory.oom_control"))
_OOM_KILLS = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


class EngineEndedError(RuntimeError):
    """The end of a process of the engine, by a signal or with an exit code."""

    engine_place = ""  # none in a library


def describe_process_end(process: BaseProcess, oom_kills: int) -> EngineEndedError:
    """Reads how a process has ended; `oom_kills` are those of its time."""
    name, exit_code = f"the process {process.name} (pid {process.pid})", _read_exit_code(process)
    if exit_code is None or exit_code >= 0:
        return EngineEndedError(f"{name} ended with exit code {'unknown' if exit_code is None else exit_code}")
    reason = ", by the kernel's OOM killer for lack of memory" if exit_code == -Signals.SIGKILL and oom_kills else ""
    return EngineEndedError(f"{name} was killed by {_name_signal(-exit_code)}{reason}")


def _read_exit_code(process: BaseProcess) -> int | None:
    """Only one thread gets the exit code from the kernel. It may be vLLM's, which then writes it into `process`."""
    deadline = time.monotonic() + _EXIT_CODE_SECONDS
    while process.exitcode is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return process.exitcode


def _name_signal(number: int) -> str:
    try:
        return Signals(number).name
    except ValueError:
        return strsignal(number) or f"signal {number}"


def find_failed_process(error: Exception, oom_kills: int) -> EngineEndedError | None:
    """Returns the end of the process because of which vLLM could not start; None for another error.

    vLLM's message names the process only if its exit code was known at once, so that it is taken from vLLM's frames.
    """
    if _START_FAILED not in str(error):
        return None
    managers = [frame.f_locals.get(_MANAGER_VARIABLE) for frame, _ in walk_tb(error.__traceback__)]
    processes = [process for manager in managers for process in getattr(manager, "processes", ())]
    return describe_process_end(processes[0], oom_kills) if processes else None


def find_end_advice(error: BaseException | str) -> str | None:
    """Returns what helps against the end of a process that the error reports; None if it reports another failure."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    if EngineEndedError.__name__ not in text:
        return None
    return next((advice for signal, advice in _SIGNAL_ADVICE.items() if signal in text), _FAULT_ADVICE)


def count_oom_kills() -> int:
    """Counts the processes of this pod that the kernel killed for lack of memory; 0 where it does not say."""
    for file in _OOM_FILES:
        try:
            found = _OOM_KILLS.search(file.read_text(encoding="ascii"))
        except OSError:
            continue
        if found:
            return int(found[1])
    return 0
