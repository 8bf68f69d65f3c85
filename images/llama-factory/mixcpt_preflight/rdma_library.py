"""The library with which RCCL opens RDMA devices, libibverbs, and its providers: one for each kind of adapter."""

import ctypes
from collections.abc import Callable

from mixcpt_preflight.rdma_ports import NodePaths, list_ports, select_ports
from mixcpt_store.check_result import CheckResult

_CHECK = "rdma-library"
_VERBS_LIBRARY = "libibverbs.so.1"


def check_rdma_library(
    paths: NodePaths | None = None, list_devices: Callable[[], set[str]] | None = None
) -> list[CheckResult]:
    """Compares the devices that RCCL uses with those that libibverbs has a provider for; it uses TCP without one."""
    paths = paths or NodePaths()
    devices = {port.device.name for port in select_ports(list_ports(paths), paths)}
    if not devices:
        return []
    if paths.environment.get("NCCL_IB_DISABLE") == "1":
        return [CheckResult(_CHECK, "skipped", "NCCL_IB_DISABLE is 1")]
    try:
        known = (list_devices or list_library_devices)()
    except OSError as error:
        advice = "install libibverbs1 and ibverbs-providers in the image"
        return [CheckResult(_CHECK, "fail", str(error), advice=advice)]
    return [_rate_devices(devices, devices - known)]


def _rate_devices(devices: set[str], unknown: set[str]) -> CheckResult:
    count = len(devices) - len(unknown)
    detail = f"{_VERBS_LIBRARY} has providers for {count} of {len(devices)} RDMA devices"
    if not unknown:
        return CheckResult(_CHECK, "pass", detail, float(count), "devices")
    names = ", ".join(sorted(unknown))
    advice = f"install ibverbs-providers, or the adapter vendor's package, in the image: none is for {names}"
    return CheckResult(_CHECK, "warn" if count else "fail", detail, float(count), "devices", advice)


def list_library_devices() -> set[str]:
    """Asks libibverbs for its devices: those of the kernel for which it has a provider. Raises OSError without it."""
    library = ctypes.CDLL(_VERBS_LIBRARY)
    library.ibv_get_device_list.restype = ctypes.POINTER(ctypes.c_void_p)
    library.ibv_get_device_name.restype = ctypes.c_char_p
    library.ibv_get_device_name.argtypes = [ctypes.c_void_p]
    count = ctypes.c_int(0)
    devices = library.ibv_get_device_list(ctypes.byref(count))
    return {library.ibv_get_device_name(devices[index]).decode() for index in range(count.value)}
