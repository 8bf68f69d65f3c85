"""What should be equal on all nodes: kernel, driver, libraries, adapters and their firmware."""

import importlib.metadata
import os
import platform
from pathlib import Path

from mixcpt_preflight.devices import list_drm_devices
from mixcpt_preflight.rdma_ports import NodePaths, list_ports, select_ports
from mixcpt_preflight.sysfs import format_tally, read_value
from mixcpt_preflight.torch_process import ask_torch
from mixcpt_store.errors import BrokenNodeError

_BYTES_PER_GIB = 2**30
_ROCM_VERSION = Path("/opt/rocm/.info/version")


def read_facts(paths: NodePaths | None = None, *, on_gpu: bool) -> dict[str, str]:
    """Reads the facts that this node has; others are left out."""
    paths = paths or NodePaths()
    facts = {**_read_host(paths.sysfs), **_read_libraries(on_gpu), **_read_adapters(paths)}
    facts |= _read_gpus(paths.sysfs) if on_gpu else {}
    return {name: value for name, value in facts.items() if value}


def _read_host(sysfs: Path) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _BYTES_PER_GIB
    return {
        "kernel": platform.release(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "numa-nodes": str(len(list(sysfs.glob("devices/system/node/node[0-9]*"))) or ""),
        "governor": read_value(sysfs / "devices/system/cpu/cpu0/cpufreq/scaling_governor"),
    }


def _read_libraries(on_gpu: bool) -> dict[str, str]:
    return {
        "torch": _read_package_version("torch"),
        "rocm": read_value(_ROCM_VERSION),
        "rccl": _read_rccl_version() if on_gpu else "",
    }


def _read_package_version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _read_rccl_version() -> str:
    """Returns the version, or why it is unknown: a broken driver or image may hang or crash torch."""
    try:
        return ask_torch("'.'.join(map(str, torch.cuda.nccl.version()))", "the version of RCCL")
    except BrokenNodeError as error:
        return f"unknown ({error})"


def _read_gpus(sysfs: Path) -> dict[str, str]:
    cards = [card / "device" for card in list_drm_devices(sysfs)]
    sizes = (read_value(card / "mem_info_vram_total") for card in cards)
    return {
        "amdgpu": read_value(sysfs / "module/amdgpu/version"),
        "vbios": format_tally(read_value(card / "vbios_version") for card in cards),
        "gpu-memory": format_tally(f"{int(size) / _BYTES_PER_GIB:.0f} GiB" for size in sizes if size),
    }


def _read_adapters(paths: NodePaths) -> dict[str, str]:
    ports = select_ports(list_ports(paths), paths)
    devices = sorted({port.device for port in ports})
    interfaces = [folder for device in devices for folder in device.glob("device/net/*")]
    return {
        "adapters": format_tally(read_value(device / "hca_type") or "unnamed" for device in devices),
        "adapter-firmware": format_tally(read_value(device / "fw_ver") for device in devices),
        "port-rates": format_tally(read_value(port.folder / "rate") for port in ports),
        "mtu": format_tally(read_value(folder / "mtu") for folder in interfaces),
    }
