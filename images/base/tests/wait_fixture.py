"""Waits for what a test needs, in place of a time that a busy machine exceeds."""

import subprocess
import time
from collections.abc import Callable
from multiprocessing import Process
from typing import Any

# Only ends a test that would wait for ever: no machine needs so long.
LIMIT_SECONDS = 600.0


def wait_until(condition: Callable[[], object], process: "subprocess.Popen[Any] | Process | None" = None) -> None:
    """Polls until the condition is true. Fails at once if the process, which is to make it true, has ended before."""
    end = time.monotonic() + LIMIT_SECONDS
    while True:
        may_become_true = process is None or _is_running(process)
        if condition():
            return
        assert may_become_true, "the process has ended before"
        assert time.monotonic() < end, f"did not happen within {LIMIT_SECONDS:.0f} s"
        time.sleep(0.02)


def _is_running(process: "subprocess.Popen[Any] | Process") -> bool:
    return process.is_alive() if isinstance(process, Process) else process.poll() is None
