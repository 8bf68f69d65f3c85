"""The RDMA ports of a node, and which of them RCCL uses from this pod."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mixcpt_preflight.name_selection import NameSelection
from mixcpt_preflight.sysfs import read_value
from mixcpt_store.presence import is_present

HCA_VARIABLE = "NCCL_IB_HCA"
# Ports that are switched off: a broken cable or switch leads to other states, such as Polling. As in AMD's Primus.
_OFF_STATES = ("Disabled", "Sleep")


@dataclass(frozen=True)
class NodePaths:
    """Where the kernel shows devices, and where the pod opens them."""

    sysfs: Path = Path("/sys")
    device_files: Path = Path("/dev/infiniband")
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True)
class RdmaPort:
    """A port by its folder in sysfs, `class/infiniband/DEVICE/ports/NUMBER`."""

    folder: Path

    @property
    def device(self) -> Path:
        return self.folder.parent.parent

    @property
    def name(self) -> str:
        return f"{self.device.name}:{self.folder.name}"

    @property
    def is_active(self) -> bool:
        return "ACTIVE" in read_value(self.folder / "state")

    @property
    def is_off(self) -> bool:
        return any(state in read_value(self.folder / "phys_state") for state in _OFF_STATES)


def list_ports(paths: NodePaths) -> list[RdmaPort]:
    return [RdmaPort(folder) for folder in sorted(paths.sysfs.glob("class/infiniband/*/ports/*"))]


def list_openable_devices(paths: NodePaths) -> set[str]:
    """Names the devices with a file in the pod. The kernel shows all of the node to every pod."""
    verbs = paths.sysfs.glob("class/infiniband_verbs/*")
    return {read_value(one / "ibdev") for one in verbs if is_present(paths.device_files / one.name)}


def select_ports(ports: Sequence[RdmaPort], paths: NodePaths) -> list[RdmaPort]:
    """Selects those that the pod can open and NCCL_IB_HCA names; without that list, all that are not switched off."""
    openable = list_openable_devices(paths)
    names = paths.environment.get(HCA_VARIABLE, "")
    selection = NameSelection.parse(names)
    return [
        port
        for port in ports
        if port.device.name in openable
        and selection.selects(port.device.name, port.folder.name)
        and (names or not port.is_off)
    ]
