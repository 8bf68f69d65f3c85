"""The PCIe links of GPUs and of the adapters that RCCL uses, against what both ends of a link can do."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mixcpt_preflight.devices import list_drm_devices
from mixcpt_preflight.rdma_ports import NodePaths, list_ports, select_ports
from mixcpt_preflight.sysfs import read_value
from mixcpt_store.check_result import CheckResult
from mixcpt_store.presence import is_present, resolve_links

# What the kernel shows for a width that it does not know.
_UNKNOWN_WIDTHS = (0, 255)


@dataclass(frozen=True)
class PcieLink:
    """Width in lanes, and speed in GT/s for each."""

    speed: float
    width: int

    def __str__(self) -> str:
        return f"{self.speed:g} GT/s x{self.width}"


def check_pcie_links(paths: NodePaths | None = None) -> list[CheckResult]:
    """Compares each link with its maximum: a card that sits badly has fewer lanes, or a slower link."""
    paths = paths or NodePaths()
    folders = _list_devices(paths)
    links = {folder.name: (_read_link(folder, "current"), _find_maximum(folder)) for folder in folders}
    known = {name: (now, most) for name, (now, most) in links.items() if now and most}
    if not known:
        return [CheckResult("pcie-links", "skipped", "the kernel shows no PCIe link of the devices")]
    slow = [f"{name} has {now} of {most}" for name, (now, most) in known.items() if _is_below(now, most)]
    count = float(len(known) - len(slow))
    detail = f"{len(known) - len(slow)} of {len(known)} links of GPUs and adapters are at their maximum"
    if not slow:
        return [CheckResult("pcie-links", "pass", detail, count, "links")]
    advice = f"reseat the card, or check its slot and the firmware's settings: {'; '.join(slow)}"
    return [CheckResult("pcie-links", "warn", detail, count, "links", advice)]


def _list_devices(paths: NodePaths) -> list[Path]:
    adapters: Iterable[Path] = {port.device / "device" for port in select_ports(list_ports(paths), paths)}
    gpus = [card / "device" for card in list_drm_devices(paths.sysfs)]
    return sorted({_find_physical(resolve_links(folder)) for folder in (*gpus, *adapters)})


def _find_physical(folder: Path) -> Path:
    """Returns the card of a virtual function, which has no link of its own."""
    card = folder / "physfn"
    return resolve_links(card) if is_present(card) else folder


def _find_maximum(folder: Path) -> PcieLink | None:
    """Returns what both ends can do: a card may be newer than its slot."""
    own, port = _read_link(folder, "max"), _read_link(folder.parent, "max")
    return PcieLink(min(own.speed, port.speed), min(own.width, port.width)) if own and port else own


def _read_link(folder: Path, which: str) -> PcieLink | None:
    """Reads `16.0 GT/s PCIe` and `16`; None where the device has no such link, as an APU."""
    speed = read_value(folder / f"{which}_link_speed").split(" ")[0]
    width = read_value(folder / f"{which}_link_width")
    if not width.isdigit() or int(width) in _UNKNOWN_WIDTHS or not speed.replace(".", "", 1).isdigit():
        return None
    return PcieLink(float(speed), int(width))


def _is_below(now: PcieLink, most: PcieLink) -> bool:
    return now.speed < most.speed or now.width < most.width
