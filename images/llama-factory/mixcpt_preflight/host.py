"""What a node gives to a pod: shared memory, memory that may be locked, network devices; and its versions."""

import os
import platform
import resource
import shutil
from pathlib import Path

from mixcpt_store.check_result import CheckResult, Status
from mixcpt_store.presence import is_present

_GIB = 2**30
_ACTIVE_PORT = "ACTIVE"
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


def check_network_devices(sysfs: Path = Path("/sys"), limit: int | None = None) -> list[CheckResult]:
    """Checks that the ports of RDMA devices are active, and that their memory may be locked."""
    ports = sorted(sysfs.glob("class/infiniband/*/ports/*"))
    if not ports:
        return [CheckResult("network-devices", "skipped", "the pod sees no RDMA device")]
    down = [_name_port(port) for port in ports if _ACTIVE_PORT not in (port / "state").read_text(encoding="utf-8")]
    detail = f"{len(ports) - len(down)} of {len(ports)} RDMA ports are active"
    advice = f"check cable, switch and driver of {', '.join(down)}" if down else ""
    status: Status = "warn" if down else "pass"
    active = CheckResult("network-devices", status, detail, float(len(ports) - len(down)), "ports", advice)
    return [active, _check_locked_memory(limit)]


def _name_port(port: Path) -> str:
    return f"{port.parent.parent.name}:{port.name}"


def _check_locked_memory(limit: int | None) -> CheckResult:
    """RDMA needs memory that is not swapped out: with 8 MiB, systemd's default, RCCL ends at its start."""
    soft = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] if limit is None else limit
    if soft == resource.RLIM_INFINITY or soft >= _LOCKED_BYTES:
        return CheckResult("locked-memory", "pass", "unlimited" if soft < 0 else f"{soft / _GIB:.3g} GiB")
    advice = "set LimitMEMLOCK=infinity in containerd.service of the node, and restart it"
    return CheckResult("locked-memory", "fail", f"limited to {soft / 2**20:.3g} MiB", soft / _GIB, "GiB", advice)


def read_facts(sysfs: Path = Path("/sys")) -> dict[str, str]:
    """Reads what should be equal on all nodes."""
    driver = sysfs / "module/amdgpu/version"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    facts = {"kernel": platform.release(), "cores": str(os.cpu_count()), "memory": f"{memory:.0f} GiB"}
    return facts | ({"amdgpu": driver.read_text(encoding="utf-8").strip()} if is_present(driver) else {})
