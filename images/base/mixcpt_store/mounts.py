"""What a path is on, as the kernel lists this process's mounts (proc(5), mountinfo)."""

from dataclasses import dataclass
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
# File systems on the disks, or in the memory, of one machine.
_OWN_TYPES = ("btrfs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs")


@dataclass(frozen=True)
class Mount:
    """`root` is the folder of the file system that is mounted, such as the path of a node's folder below its mount."""

    point: str
    root: str
    type: str
    source: str

    @property
    def is_on_own_disk(self) -> bool:
        """Returns whether another machine has this file system only if this one exports it."""
        return self.type in _OWN_TYPES

    def __str__(self) -> str:
        return f"{self.root} of {self.source} ({self.type})"


def find_mount(path: Path, mounts: Path = _MOUNTS) -> Mount:
    """Returns the mount that holds `path`; of several at the same place, the last one covers the others."""
    found = [mount for line in mounts.read_text(encoding="utf-8").splitlines() if _holds(mount := _parse(line), path)]
    return max(reversed(found), key=lambda mount: len(mount.point))


def _parse(line: str) -> Mount:
    fields, _, kind = line.partition(" - ")
    _number, _parent, _device, root, point, *_options = fields.split(" ")
    file_system, source, *_ = kind.split(" ")
    return Mount(point, root, file_system, source)


def _holds(mount: Mount, path: Path) -> bool:
    return path.is_relative_to(mount.point)
