"""Merges the runs of all shards into one sorted file, which several processes write at the same time."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.shuffle.spill import BUCKETS, list_runs, measure_buckets, read_buckets

_PARTITION_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Partition:
    """The buckets [first, end), which are sorted together, and the offset of their lines in the file, in bytes."""

    first: int
    end: int
    offset: int


def split_into_partitions(
    directories: Sequence[Path], repeat: int, size: int = _PARTITION_BYTES
) -> Iterator[Partition]:
    """Yields partitions of about `size` bytes. None crosses into the next repetition, whose keys start again.

    `directories` contain the runs of one mixture.
    """
    first = offset = partition_bytes = 0
    sizes = [measure_buckets(run, repeat) for run in _list_all_runs(directories)]
    totals = [sum(bucket_sizes) for bucket_sizes in zip(*sizes, strict=True)]
    for bucket, bucket_bytes in enumerate(totals, start=1):
        partition_bytes += bucket_bytes
        if partition_bytes >= size or bucket % BUCKETS == 0:
            yield Partition(first, bucket, offset)
            first, offset, partition_bytes = bucket, offset + partition_bytes, 0


def write_partition(partition: Partition, directories: Sequence[Path], target: Path) -> None:
    """Writes the sorted lines. Rows with equal keys are sorted by their lines, so the order of shards has no effect."""
    rows = [row for run in _list_all_runs(directories) for row in read_buckets(run, partition.first, partition.end)]
    rows.sort()
    with target.open("r+b") as file:
        file.seek(partition.offset)
        file.writelines(line for _, line in rows)
        file.flush()
        os.fsync(file.fileno())


def _list_all_runs(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        yield from list_runs(directory)
