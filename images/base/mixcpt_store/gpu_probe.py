"""The program that device.py runs: computes on each GPU of the pod and prints what is wrong.

Its exit code is 0 if all compute, 2 if the image or the pod's groups are at fault, 1 if the node is.
"""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

_SIZE = 1024
_MAX_TEXT_LENGTH = 300


def find_misuse(torch: Any, devices: Path) -> str | None:
    """Returns why no node would do: torch was built for processors, or the pod may not open the devices."""
    if torch.version.hip is None and torch.version.cuda is None:
        return f"torch {torch.__version__} of this image was not built for a GPU: use another image"
    present = [path for path in (devices / "kfd", *sorted(devices.glob("dri/renderD*"))) if path.exists()]
    closed = [str(path) for path in present if not os.access(path, os.R_OK | os.W_OK)]
    if closed:
        groups = ", ".join(sorted({str(Path(path).stat().st_gid) for path in closed}))
        return (
            f"this pod may not open {', '.join(closed)}: add the group ({groups}) to deviceGroups in the cluster's "
            "stack (docs/gpu-nodes.md)"
        )
    return None


def find_broken_device(torch: Any, count: int) -> str | None:
    """Returns the first thing that is wrong with the GPUs of the node; None if `count` of them compute."""
    seen = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if seen < count:
        return (
            f"torch sees {seen} of {count} in this pod (if the pods of all nodes say so, "
            "the image does not suit their driver)"
        )
    for index in range(count):
        try:
            ones = torch.ones((_SIZE, _SIZE), device=f"cuda:{index}")
            total = (ones @ ones).sum().item()
        except RuntimeError as error:
            return f"GPU {index}: {' '.join(str(error).split())[:_MAX_TEXT_LENGTH]}"
        if total != _SIZE**3:
            return f"GPU {index}: a sum is {total}, but must be {_SIZE**3}"
    return None


def examine_devices(count: int) -> tuple[int, str]:
    """Returns the exit code and what is wrong, empty if nothing is."""
    try:
        import torch
    except ImportError as error:
        return 2, f"torch of this image cannot be loaded ({error}): use another image"
    if misuse := find_misuse(torch, Path("/dev")):
        return 2, misuse
    problem = find_broken_device(torch, count)
    return (1, problem) if problem else (0, "")


def main() -> NoReturn:
    code, problem = examine_devices(int(sys.argv[1]))
    print(problem, flush=True)
    # Without the exit handlers of a driver that may hang.
    os._exit(code)


if __name__ == "__main__":
    main()
