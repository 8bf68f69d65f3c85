"""Lines of a file by byte range, so that several processes read one file and each line is read once."""

from collections.abc import Iterator
from typing import BinaryIO


def read_lines_between(raw: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The lines, with their ends, whose first byte lies in [start, end)."""
    raw.seek(max(start - 1, 0))
    if start:
        # The line that the range before this one ends with belongs to that one.
        raw.readline()
    while raw.tell() < end and (line := raw.readline()):
        yield line
