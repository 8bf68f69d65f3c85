"""Lines of a file by byte range: several processes can read one file together, and each line is read once."""

from collections.abc import Iterator
from typing import BinaryIO


def read_lines_between(raw: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """Yields the lines, newlines included, whose first byte is in [start, end)."""
    raw.seek(max(start - 1, 0))
    if start:
        # A line that begins before `start` belongs to the previous range.
        raw.readline()
    while raw.tell() < end and (line := raw.readline()):
        yield line
