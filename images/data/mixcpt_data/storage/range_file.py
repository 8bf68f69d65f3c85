"""A file that is read by byte ranges, as one seekable stream."""

import io
from collections.abc import Callable

_BLOCK = 4 * 1024 * 1024


class _RangeFile(io.RawIOBase):
    def __init__(self, fetch: Callable[[int, int], bytes], size: int) -> None:
        super().__init__()
        self._fetch = fetch
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        end = min(self._position + min(len(buffer), _BLOCK), self._size)
        if end <= self._position:
            return 0
        block = self._fetch(self._position, end)
        buffer[: len(block)] = block
        self._position += len(block)
        return len(block)


def open_ranges(fetch: Callable[[int, int], bytes], size: int) -> io.BufferedReader:
    """`fetch(start, end)` returns the bytes [start, end). At most one block of 4 MiB is held."""
    return io.BufferedReader(_RangeFile(fetch, size), _BLOCK)
