"""Runs a step in a process of its own, and keeps the end of its error output in the store if it fails.

This process stays small and outlives the other one, also where a library crashes or the kernel ends it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from mixcpt_store.attempt_log import write_attempt_log
from mixcpt_store.error_output import ErrorOutput
from mixcpt_store.errors import InputError
from mixcpt_store.spec import find_unusable_character, parse_spec
from mixcpt_store.store_calls import NoAnswerError, call_store
from mixcpt_store.store_identity import find_store_problem

_STANDARD_ERROR = 2
# linux/prctl.h
_PR_SET_PDEATHSIG = 1
_STOPS = (signal.SIGTERM, signal.SIGINT)
_CRASHES = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV)
# A store that hangs may be why the step failed; the pod must end all the same.
_KEEP_SECONDS = 30.0


def run_with_kept_log(name: str, run: Callable[[], int]) -> int:
    """Returns the exit code of `run`, which runs in this process if its spec has no output.

    Must be called before anything starts a thread, because it forks.
    """
    folder = find_log_folder(os.environ)
    if folder is None:
        return run()
    reading, writing = os.pipe()
    sys.stdout.flush()
    supervisor = os.getpid()
    # A signal that comes before this process can pass it on would end it, and with it the other one, or be lost.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(reading)
        os.dup2(writing, _STANDARD_ERROR)
        os.close(writing)
        _end_with(supervisor)
        return run()
    os.close(writing)
    errors = ErrorOutput(os.fdopen(reading, "rb"))
    return _supervise(name, child, errors, folder, mask)


def find_log_folder(environment: Mapping[str, str]) -> Path | None:
    """Returns OUTPUT.attempts; None for a spec without a valid output, which the step itself reports."""
    try:
        output = parse_spec(environment.get("MIXCPT_SPEC")).format_value("output")
    except InputError:
        return None
    if not output.startswith("/") or find_unusable_character(output) or Path(output).name in ("", ".."):
        return None
    return Path(output).with_name(f"{Path(output).name}.attempts")


def _end_with(supervisor: int) -> None:
    """Lets the kernel end this process when the other one is killed, as it does with all processes of a pod."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        os.kill(os.getpid(), signal.SIGKILL)


def _supervise(name: str, child: int, errors: ErrorOutput, folder: Path, mask: Iterable[int]) -> int:
    """Waits for the other process and returns its exit code. Signals are let in by `mask` once it can pass them on."""
    was_stopped = False

    def note_signal(number: int, _frame: FrameType | None) -> None:
        nonlocal was_stopped
        was_stopped = True
        # A terminal sends SIGINT to both processes.
        if number != signal.SIGINT:
            with suppress(ProcessLookupError):
                os.kill(child, number)

    for number in _STOPS:
        signal.signal(number, note_signal)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text = errors.read_end()
    if code and not was_stopped:
        text += _report_signal(name, code)
        _keep_log(folder, text)
    return code if code >= 0 else 128 - code


def _report_signal(name: str, code: int) -> str:
    """Prints and returns the line that a process does not print itself when a signal ends it."""
    if code > 0:
        return ""
    line = f"{' '.join([name, *sys.argv[1:]])}: ended by {_describe_signal(signal.Signals(-code))}\n"
    sys.stderr.write(line)
    sys.stderr.flush()
    return line


def _describe_signal(number: signal.Signals) -> str:
    if number == signal.SIGKILL:
        return f"{number.name}: the kernel does so once the pod's memory is used up"
    return f"{number.name}: a library crashed" if number in _CRASHES else number.name


def _keep_log(folder: Path, text: str) -> None:
    """Writes NUMBER-pod-INDEX.log, with the index of the pod in its Job.

    Prints nothing, also where the store takes no file: the log of a pod ends with the reason of its failure.
    """
    with suppress(NoAnswerError):
        call_store(folder, lambda: _write_log(folder, text), _KEEP_SECONDS)


def _write_log(folder: Path, text: str) -> None:
    if find_store_problem():
        return  # the folder would be made on the disk of this node
    with suppress(OSError):
        path = _reserve_log(folder, os.environ.get("JOB_COMPLETION_INDEX", "0"))
        try:
            write_attempt_log(path, text)
        except OSError:
            path.unlink()


def _reserve_log(folder: Path, index: str) -> Path:
    """Makes an empty file with the first number that is free: pods of several Jobs may fail at the same output."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [path.name.partition("-")[0] for path in folder.glob(f"*-pod-{index}.log")]
    number = max((int(each) for each in numbers if each.isdecimal()), default=0)
    while True:
        number += 1
        path = folder / f"{number}-pod-{index}.log"
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
            return path
