"""The memory that a pod may share between its processes, and lock for RDMA."""

import resource
import shutil
from pathlib import Path

from mixcpt_store.check_result import CheckResult

_GIB = 2**30
# The limit of AMD's Primus.
_LOCKED_BYTES = 32 * _GIB


def check_shared_memory(expected_bytes: int, folder: Path = Path("/dev/shm")) -> list[CheckResult]:
    """Compares the size of /dev/shm, where RCCL and data workers exchange data, with that of a training pod."""
    size = shutil.disk_usage(folder).total
    gib = size / _GIB
    detail = f"{gib:.3g} GiB; a training pod asks for {expected_bytes / _GIB:.3g} GiB"
    if size >= expected_bytes:
        return [CheckResult("shared-memory", "pass", detail, gib, "GiB")]
    advice = "raise the pod's memory: its size limits /dev/shm"
    return [CheckResult("shared-memory", "fail", detail, gib, "GiB", advice)]


def check_locked_memory(limit: int | None) -> CheckResult:
    """RDMA needs memory that is not swapped out: with 8 MiB, systemd's default, RCCL ends at its start."""
    soft = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] if limit is None else limit
    if soft == resource.RLIM_INFINITY or soft >= _LOCKED_BYTES:
        return CheckResult("locked-memory", "pass", "unlimited" if soft < 0 else f"{soft / _GIB:.3g} GiB")
    advice = "set LimitMEMLOCK=infinity in containerd.service of the node, and restart it"
    return CheckResult("locked-memory", "fail", f"limited to {soft / 2**20:.3g} MiB", soft / _GIB, "GiB", advice)
