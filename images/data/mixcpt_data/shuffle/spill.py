"""Rows on their way into another order: sorted runs on disk, with an index to the buckets of each.

A run is as large as fits into memory. A bucket is a range of sort keys: what all runs have of it is small
enough to be sorted at once. So the whole is sorted without ever being in memory (a distribution sort).
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from mixcpt_data.shuffle.sampling import KEY_BITS

BUCKETS = 1024
_RUN_BYTES = 32 * 1024 * 1024
_HEADER = struct.Struct("<QI")
# What Python keeps beside the bytes of a line.
_OVERHEAD = 150


def bucket_of(key: int, repetition: int) -> int:
    """Buckets ascend with keys; those of one repetition come before those of the next."""
    return repetition * BUCKETS + (key * BUCKETS >> KEY_BITS)


@dataclass
class Spill:
    """Writes run-0, run-1… with their indices into `directory`."""

    directory: Path
    repeat: int
    _rows: list[tuple[int, int, bytes]] = field(default_factory=list)
    _bytes: int = 0
    _runs: int = 0

    def add(self, key: int, repetition: int, line: bytes) -> None:
        self._rows.append((bucket_of(key, repetition), key, line))
        self._bytes += len(line) + _OVERHEAD
        if self._bytes > _RUN_BYTES:
            self.flush()

    def flush(self) -> None:
        """To be called once more at the end."""
        if not self._rows:
            return
        self._rows.sort()
        path = self.directory / f"run-{self._runs}"
        bytes_of, rows_of = (array("Q", bytes(8 * BUCKETS * self.repeat)) for _ in range(2))
        with path.open("wb") as file:
            for bucket, key, line in self._rows:
                file.write(_HEADER.pack(key, len(line)) + line)
                bytes_of[bucket] += _HEADER.size + len(line)
                rows_of[bucket] += 1
        with _index(path).open("wb") as file:
            array("Q", [0, *accumulate(bytes_of)]).tofile(file)
            rows_of.tofile(file)
        self._rows.clear()
        self._bytes = 0
        self._runs += 1


def runs_of(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("run-*") if path.suffix != ".index")


def bucket_sizes(run: Path, repeat: int) -> list[int]:
    """Bytes of the lines in each bucket."""
    index: array = array("Q")
    index.frombytes(_index(run).read_bytes())
    buckets = BUCKETS * repeat
    starts, rows = index[: buckets + 1], index[buckets + 1 :]
    return [starts[b + 1] - starts[b] - _HEADER.size * rows[b] for b in range(buckets)]


def read_buckets(run: Path, first: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Keys and lines of the buckets [first, end)."""
    with _index(run).open("rb") as index:
        start, stop = (_entry(index, bucket) for bucket in (first, end))
    with run.open("rb") as file:
        file.seek(start)
        data = file.read(stop - start)
    position = 0
    while position < len(data):
        key, length = _HEADER.unpack_from(data, position)
        position += _HEADER.size
        yield key, data[position : position + length]
        position += length


def _index(run: Path) -> Path:
    return run.with_name(f"{run.name}.index")


def _entry(index: BinaryIO, bucket: int) -> int:
    """The byte of the run at which `bucket` begins."""
    index.seek(8 * bucket)
    (entry,) = array("Q", index.read(8))
    return entry
