"""Questions to torch, each in a process of its own: where a driver is broken, loading torch may hang or crash."""

import subprocess
import sys

from mixcpt_store.errors import BrokenNodeError
from mixcpt_store.limited_program import run_limited

# Our assumption, as for the test of the GPUs: with a driver that works torch answers in less time.
_ANSWER_SECONDS = 180.0


def ask_torch(expression: str, what: str) -> str:
    """Returns an expression of torch as text. Raises BrokenNodeError, with `what` was asked for, if it does not end."""
    program = f"import torch; print({expression})"
    try:
        process = run_limited([sys.executable, "-P", "-c", program], _ANSWER_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise BrokenNodeError(f"torch has not told {what} for {_ANSWER_SECONDS:g} s") from error
    if process.returncode:
        lines = process.stderr.strip().splitlines() or ["no message"]
        raise BrokenNodeError(f"torch cannot tell {what} (code {process.returncode}): {lines[-1]}")
    return process.stdout.strip().rpartition("\n")[2]
