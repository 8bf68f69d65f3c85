"""Sorted runs of rows on disk, each with an index of its buckets: the first phase of a distribution sort.

A run is as large as fits into memory. A bucket is a range of sort keys, small enough that the rows of all runs in
one bucket can be sorted at once. So all rows are sorted although they never fit into memory together.
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from mixcpt_data.shuffle.sampling import SORT_KEY_BITS
from mixcpt_store.listing import list_matching

BUCKETS = 1024
_MAX_RUN_BYTES = 32 * 1024 * 1024
_ROW_HEADER = struct.Struct("<QI")
# Bytes that Python needs in memory for each line in addition to its content.
_ROW_OVERHEAD_BYTES = 150


def compute_bucket(key: int, repetition: int) -> int:
    """Returns the bucket of a row. Buckets ascend by repetition, then by key."""
    return repetition * BUCKETS + (key * BUCKETS >> SORT_KEY_BITS)


@dataclass
class SpillWriter:
    """Writes run-0, run-1… with their indices into `directory`."""

    directory: Path
    repeat: int
    _rows: list[tuple[int, int, bytes]] = field(default_factory=list)
    _bytes: int = 0
    _runs: int = 0

    def add_row(self, key: int, repetition: int, line: bytes) -> None:
        self._rows.append((compute_bucket(key, repetition), key, line))
        self._bytes += len(line) + _ROW_OVERHEAD_BYTES
        if self._bytes > _MAX_RUN_BYTES:
            self.flush_run()

    def flush_run(self) -> None:
        """Writes the rows in memory as a run. Must be called once after the last row."""
        if not self._rows:
            return
        self._rows.sort()
        path = self.directory / f"run-{self._runs}"
        byte_counts, row_counts = (array("Q", bytes(8 * BUCKETS * self.repeat)) for _ in range(2))
        with path.open("wb") as file:
            for bucket, key, line in self._rows:
                file.write(_ROW_HEADER.pack(key, len(line)) + line)
                byte_counts[bucket] += _ROW_HEADER.size + len(line)
                row_counts[bucket] += 1
        with _build_index_path(path).open("wb") as file:
            array("Q", [0, *accumulate(byte_counts)]).tofile(file)
            row_counts.tofile(file)
        self._rows.clear()
        self._bytes = 0
        self._runs += 1


def list_runs(directory: Path) -> list[Path]:
    return [path for path in list_matching(directory, "run-*") if path.suffix != ".index"]


def measure_buckets(run: Path, repeat: int) -> list[int]:
    """Returns the size of each bucket's lines in bytes."""
    index: array[int] = array("Q")
    index.frombytes(_build_index_path(run).read_bytes())
    buckets = BUCKETS * repeat
    starts, rows = index[: buckets + 1], index[buckets + 1 :]
    return [starts[b + 1] - starts[b] - _ROW_HEADER.size * rows[b] for b in range(buckets)]


def read_buckets(run: Path, first: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yields keys and lines of the buckets [first, end)."""
    with _build_index_path(run).open("rb") as index:
        start, stop = (_read_bucket_start(index, bucket) for bucket in (first, end))
    with run.open("rb") as file:
        file.seek(start)
        data = file.read(stop - start)
    position = 0
    while position < len(data):
        key, length = _ROW_HEADER.unpack_from(data, position)
        position += _ROW_HEADER.size
        yield key, data[position : position + length]
        position += length


def _build_index_path(run: Path) -> Path:
    return run.with_name(f"{run.name}.index")


def _read_bucket_start(index: BinaryIO, bucket: int) -> int:
    """Returns the offset of `bucket` in the run, in bytes."""
    index.seek(8 * bucket)
    (start,) = array("Q", index.read(8))
    return start
