"""Code: modules of the Python standard library that is installed with this package."""

import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from mixcpt_data.sources.source import Row, Shard
from mixcpt_store.listing import list_matching_paths

_SKIPPED_FOLDERS = {"test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages", "__pycache__"}


def _find_standard_library() -> Path:
    return Path(sysconfig.get_paths()["stdlib"])


@dataclass(frozen=True)
class PythonCodeSource:
    """`megabytes` (10^6 bytes) is an upper bound: the last module is cut at the end of a line."""

    megabytes: float
    directory: Path = field(default_factory=_find_standard_library)

    def list_shards(self) -> Sequence[Shard]:
        return [self]

    def read_rows(self, random: Random) -> Iterator[Row]:
        bytes_left = int(self.megabytes * 1_000_000)
        for path in self._list_modules(random):
            code = path.read_bytes()
            text = code[:bytes_left].decode("utf-8", errors="ignore")
            if len(code) > bytes_left:
                text = text[: text.rfind("\n") + 1]
            if text.strip():
                yield Row((text,))
            bytes_left -= len(code)
            if bytes_left <= 0:
                return

    def _list_modules(self, random: Random) -> list[Path]:
        """Returns the modules in random order."""
        modules = list_matching_paths(self.directory, "**/*.py")
        paths = [path for path in modules if not _SKIPPED_FOLDERS.intersection(path.parts)]
        random.shuffle(paths)
        return paths
