"""The devices of a node: those that its driver has, against those that the cluster's file declares."""

from pathlib import Path

from mixcpt_preflight.sysfs import read_value
from mixcpt_store.check_result import CheckResult

_AMD_VENDOR = "0x1002"


def count_kfd_devices(sysfs: Path) -> int:
    """Counts the GPUs of the compute driver; a processor is a node of its topology without SIMD units."""
    nodes = sysfs.glob("class/kfd/kfd/topology/nodes/*/properties")
    return sum(_read_simd_count(node) > 0 for node in nodes)


def _read_simd_count(properties: Path) -> int:
    try:
        lines = properties.read_text(encoding="utf-8").splitlines()
    except OSError:  # the driver shows a container only its own devices
        return 0
    words = (line.split() for line in lines)
    return next((int(value) for key, value in words if key == "simd_count"), 0)


def list_drm_devices(sysfs: Path) -> list[Path]:
    """Lists AMD's devices among the cards that can render."""
    cards = sorted(sysfs.glob("class/drm/renderD*"))
    return [card for card in cards if read_value(card / "device/vendor") == _AMD_VENDOR]


def check_devices(expected: int, visible: int | None, sysfs: Path = Path("/sys")) -> list[CheckResult]:
    """Compares the devices that the driver has, and those that torch sees, with the expected number.

    `visible` is None where the devices are emulated.
    """
    if visible is None:
        return [CheckResult("devices", "skipped", f"{expected} emulated, so the CPU does the work")]
    found = max(count_kfd_devices(sysfs), len(list_drm_devices(sysfs)))
    detail = f"torch sees {visible} of {expected}; the driver has {found}"
    if visible == expected:
        return [CheckResult("devices", "pass", detail, float(visible), "devices")]
    advice = (
        "run `amd-smi list` and `dmesg | grep amdgpu` on the node: a device is missing"
        if found < expected
        else "add the group of /dev/kfd and /dev/dri to deviceGroups in the cluster's file, or use an image whose "
        "torch is built for this GPU"
    )
    return [CheckResult("devices", "fail", detail, float(visible), "devices", advice)]
