"""Code: modules of the Python standard library that is installed beside this package."""

import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from mixcpt_data.sources.source import Row, Shard

_SKIPPED = {"test", "tests", "idlelib", "lib2to3", "site-packages", "dist-packages", "__pycache__"}


def _standard_library() -> Path:
    return Path(sysconfig.get_paths()["stdlib"])


@dataclass(frozen=True)
class PythonCodeSource:
    """`megabytes` (10^6 bytes) is an upper bound: the last module is cut at a line's end."""

    megabytes: float
    directory: Path = field(default_factory=_standard_library)

    def shards(self) -> Sequence[Shard]:
        return [self]

    def rows(self, random: Random) -> Iterator[Row]:
        left = int(self.megabytes * 1_000_000)
        for path in self._modules(random):
            code = path.read_bytes()
            text = code[:left].decode("utf-8", errors="ignore")
            if len(code) > left:
                text = text[: text.rfind("\n") + 1]
            if text.strip():
                yield Row((text,))
            left -= len(code)
            if left <= 0:
                return

    def _modules(self, random: Random) -> list[Path]:
        found = [path for path in self.directory.rglob("*.py") if not _SKIPPED.intersection(path.parts)]
        found.sort()
        random.shuffle(found)
        return found
