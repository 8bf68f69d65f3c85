"""A made-up /sys and /dev/infiniband, laid out as the kernel lays them out: classes are links to devices."""

from collections.abc import Mapping
from pathlib import Path

from mixcpt_preflight.rdma_ports import NodePaths

_ROOT = "devices/pci0000:00/0000:00:01.0"
_NO_GID = "0000:0000:0000:0000:0000:0000:0000:0000"
_GID = "0000:0000:0000:0000:0000:ffff:0a00:0001"
FULL_LINK = ("32.0 GT/s PCIe", "16")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def link(path: Path, target: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


class NodeTree:
    def __init__(self, root: Path, slot: tuple[str, str] = FULL_LINK) -> None:
        self.sysfs, self.device_files = root / "sys", root / "dev/infiniband"
        self._write_link(self.sysfs / _ROOT, "max", slot)

    def paths(self, environment: Mapping[str, str] | None = None) -> NodePaths:
        return NodePaths(self.sysfs, self.device_files, environment or {})

    def _write_link(self, folder: Path, which: str, values: tuple[str, str]) -> None:
        for name, value in zip(("speed", "width"), values, strict=True):
            write(folder / f"{which}_link_{name}", value)

    def add_card(self, address: str, now: tuple[str, str] = FULL_LINK, most: tuple[str, str] = FULL_LINK) -> Path:
        folder = self.sysfs / _ROOT / address
        self._write_link(folder, "current", now)
        self._write_link(folder, "max", most)
        return folder

    def add_gpu(self, address: str, now: tuple[str, str] = FULL_LINK, gib: int = 192) -> Path:
        folder = self.add_card(address, now)
        write(folder / "vendor", "0x1002")
        write(folder / "mem_info_vram_total", str(gib * 2**30))
        write(folder / "vbios_version", "113-M3000100-103")
        link(self.sysfs / f"class/drm/renderD{128 + len(list(self.sysfs.glob('class/drm/*')))}/device", folder)
        return folder

    def add_adapter(
        self, name: str, state: str = "4: ACTIVE", phys_state: str = "5: LinkUp", *, openable: bool = True
    ) -> Path:
        """Returns the folder of its port, which has an address for each version of RoCE, and an empty third."""
        number = len(list(self.sysfs.glob("class/infiniband/*")))
        card = self.add_card(f"0000:c{number}:00.0")
        port = card / "infiniband" / name / "ports/1"
        for file, value in {"state": state, "phys_state": phys_state, "link_layer": "Ethernet"}.items():
            write(port / file, value)
        write(port / "rate", "400 Gb/sec (4X NDR)")
        for index, (gid, kind) in enumerate(((_GID, "IB/RoCE v1"), (_GID, "RoCE v2"), (_NO_GID, ""))):
            write(port / f"gids/{index}", gid)
            if kind:  # the kernel refuses to read the type of an empty entry
                write(port / f"gid_attrs/types/{index}", kind)
        for file, value in {"fw_ver": "28.39.2048", "hca_type": "MT4129"}.items():
            write(card / "infiniband" / name / file, value)
        write(card / f"net/eth{number}/mtu", "9000")
        link(card / "infiniband" / name / "device", card)
        link(self.sysfs / f"class/infiniband/{name}", card / "infiniband" / name)
        write(self.sysfs / f"class/infiniband_verbs/uverbs{number}/ibdev", name)
        if openable:
            write(self.device_files / f"uverbs{number}", "")
        return port
