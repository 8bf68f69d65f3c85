"""Storage locations: a directory of the store or a repository of the hub, with one interface to their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_matching_paths
from mixcpt_store.presence import is_file


@dataclass(frozen=True)
class StoredFile:
    """A file of a storage location.

    `size` is in bytes. `version` changes with the content: it is the size and modification time of a local
    file, or the object id of a file on the hub.
    """

    name: str
    size: int
    version: str


class StorageLocation(Protocol):
    def list_files(self, pattern: str) -> Sequence[StoredFile]:
        """Returns the files that match `pattern`, sorted by name. Raises InputError when none does."""
        ...

    def open_file(self, file: StoredFile) -> BinaryIO:
        """Opens a listed file as a seekable stream. A worker process lists nothing again."""
        ...

    def describe_file(self, name: str) -> str:
        """Returns the file's name as messages show it."""
        ...


@dataclass(frozen=True)
class StoreDirectory:
    root: Path

    def list_files(self, pattern: str) -> Sequence[StoredFile]:
        try:
            paths = [path for path in list_matching_paths(self.root, pattern) if is_file(path)]
        except ValueError as error:
            raise InputError(f"{self.root}: {pattern!r} is not a pattern of file names: {error}") from error
        if not paths:
            raise InputError(f"{self.describe_file(pattern)}: no file matches this pattern")
        return [self._describe_path(path) for path in paths]

    def open_file(self, file: StoredFile) -> BinaryIO:
        return (self.root / file.name).open("rb")

    def describe_file(self, name: str) -> str:
        return str(self.root / name)

    def _describe_path(self, path: Path) -> StoredFile:
        status = path.stat()
        name = path.relative_to(self.root).as_posix()
        return StoredFile(name, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")
