"""GPU requirements of a step: with `device: gpu` it never falls back to the CPU, where it would take weeks."""

import subprocess
import sys
from pathlib import Path

from mixcpt_store.errors import EXIT_BAD_INPUT, BrokenNodeError, InputError
from mixcpt_store.limited_program import run_limited
from mixcpt_store.node_hold import hold_broken_node
from mixcpt_store.spec import Spec

_GPU = "gpu"
# Of torch: "HIP out of memory. Tried to allocate", "CUDA out of memory", "HIP error: out of memory".
_OUT_OF_MEMORY = "out of memory"
# A program and not a module: the folder of this package must not be where torch looks for its imports.
_TEST_PROGRAM = Path(__file__).with_name("gpu_probe.py")
# Our assumption: a driver that works starts eight GPUs in less time.
_TEST_SECONDS = 180.0
# `./mixcpt watch` finds the line by these words (cli/watch/waiting/brokenNodes.ts).
BROKEN_GPUS = "the GPUs of this node are broken"


def wants_gpu(spec: Spec) -> bool:
    """Returns whether the spec says `device: gpu`. Without that key, a step uses any device that it finds."""
    return spec.get_text("device", default="", allowed=(_GPU,)) == _GPU


def require_gpu(count: int = 1) -> None:
    """Returns once torch computes on `count` GPUs of this pod.

    Raises InputError if the image or the pod's groups are at fault. While the node is, tests again for some minutes,
    then raises BrokenNodeError.
    """
    hold_broken_node(BROKEN_GPUS, lambda: find_gpu_problem(count), "them")


def require_working_gpu(count: int = 1) -> None:
    """Raises BrokenNodeError at once if this pod's GPUs no longer compute: the end of work that had started.

    A GPU without free memory responds: the work that fails, or ends, or another process still has it.
    """
    problem = find_gpu_problem(count)
    if problem and _OUT_OF_MEMORY not in problem:
        raise BrokenNodeError(f"{BROKEN_GPUS}: {problem}")


def find_gpu_problem(count: int = 1) -> str | None:
    """Returns what is wrong with the GPUs that torch sees in this pod; None if `count` of them compute.

    Raises InputError if the image or the pod's groups are at fault. Another process computes: torch would open the
    GPUs in this one, and a broken driver crashes or hangs it.
    """
    # -P keeps the program's folder out of the path of its imports.
    command = [sys.executable, "-P", str(_TEST_PROGRAM), str(count)]
    try:
        process = run_limited(command, _TEST_SECONDS)
    except subprocess.TimeoutExpired:
        return f"a computation of a moment has not ended after {_TEST_SECONDS:g} s"
    if process.returncode == EXIT_BAD_INPUT:
        raise InputError(f"spec.device is 'gpu', but {process.stdout.strip()}")
    if process.returncode == 0:
        return None
    lines = (process.stdout or process.stderr).strip().splitlines()
    return lines[-1] if lines else f"the test of the GPUs ended with code {process.returncode}"
