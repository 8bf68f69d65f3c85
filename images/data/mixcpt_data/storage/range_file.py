"""A seekable stream over a file that is fetched by byte ranges."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 4 * 1024 * 1024


class _RangeReader(io.RawIOBase):
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

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer)
        end = min(self._position + min(len(target), _BLOCK_BYTES), self._size)
        if end <= self._position:
            return 0
        block = self._fetch(self._position, end)
        target[: len(block)] = block
        self._position += len(block)
        return len(block)


def open_byte_ranges(fetch: Callable[[int, int], bytes], size: int) -> io.BufferedReader:
    """Opens a file of `size` bytes. `fetch(start, end)` returns the bytes [start, end).

    At most one block of 4 MiB is kept in memory.
    """
    return io.BufferedReader(_RangeReader(fetch, size), _BLOCK_BYTES)
