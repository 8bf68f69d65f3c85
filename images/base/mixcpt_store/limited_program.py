"""Runs another program for a limited time, also where a broken driver keeps it from ending."""

import subprocess
from collections.abc import Sequence


def run_limited(command: Sequence[str], seconds: float) -> "subprocess.CompletedProcess[str]":
    """Returns the exit code and the outputs of a program; raises TimeoutExpired if it has not ended after some seconds.

    Kills it then without waiting for its end, which subprocess.run does: the kernel ends no process that waits for a
    broken driver.
    """
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    try:
        output, errors = process.communicate(timeout=seconds)
    except BaseException:  # also where a signal ends this process
        process.kill()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)
