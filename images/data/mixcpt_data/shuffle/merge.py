"""Puts the spilled rows of all shards in order, into one file that many processes write at once."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.shuffle.spill import BUCKETS, bucket_sizes, read_buckets, runs_of

_STRETCH_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Stretch:
    """The buckets [first, end), sorted together, and the byte of the file at which their lines begin."""

    first: int
    end: int
    offset: int


def stretches(directories: Sequence[Path], repeat: int, size: int = _STRETCH_BYTES) -> Iterator[Stretch]:
    """Stretches of about `size` bytes; none goes on into the next repetition, whose keys begin anew.

    `directories` hold the runs of one mixture.
    """
    first = offset = held = 0
    sizes = [bucket_sizes(run, repeat) for run in _runs(directories)]
    totals = [sum(of_bucket) for of_bucket in zip(*sizes, strict=True)]
    for bucket, more in enumerate(totals, start=1):
        held += more
        if held >= size or bucket % BUCKETS == 0:
            yield Stretch(first, bucket, offset)
            first, offset, held = bucket, offset + held, 0


def write_stretch(stretch: Stretch, directories: Sequence[Path], target: Path) -> None:
    """Equal keys are ordered by their lines: which shard is read first decides nothing."""
    rows = [row for run in _runs(directories) for row in read_buckets(run, stretch.first, stretch.end)]
    rows.sort()
    with target.open("r+b") as file:
        file.seek(stretch.offset)
        file.writelines(line for _, line in rows)
        file.flush()
        os.fsync(file.fileno())


def _runs(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        yield from runs_of(directory)
