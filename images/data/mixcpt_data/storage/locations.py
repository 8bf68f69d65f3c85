"""Where the files of a source lie: a directory of the store, or a repository of the hub."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from mixcpt_store.errors import InputError


@dataclass(frozen=True)
class StoredFile:
    """`version` changes when the content does: a stamp of the local file, the hub's object id."""

    name: str
    bytes: int
    version: str


class Place(Protocol):
    def files(self, pattern: str) -> Sequence[StoredFile]:
        """Sorted by name. Raises InputError when nothing matches."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Seekable."""
        ...

    def describe(self, name: str) -> str:
        """The file as messages name it."""
        ...


@dataclass(frozen=True)
class Directory:
    root: Path

    def files(self, pattern: str) -> Sequence[StoredFile]:
        found = sorted(path for path in self.root.glob(pattern) if path.is_file())
        if not found:
            raise InputError(f"{self.describe(pattern)} matches no file")
        return [self._stored(path) for path in found]

    def open(self, name: str) -> BinaryIO:
        return (self.root / name).open("rb")

    def describe(self, name: str) -> str:
        return str(self.root / name)

    def _stored(self, path: Path) -> StoredFile:
        status = path.stat()
        name = path.relative_to(self.root).as_posix()
        return StoredFile(name, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")
