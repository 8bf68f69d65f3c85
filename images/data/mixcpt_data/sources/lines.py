"""Text files read line by line, in byte ranges that several processes can read at once."""

import codecs
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from mixcpt_data.sources.wrong_content import UNREADABLE_STARTS, describe_wrong_content
from mixcpt_data.storage.locations import StorageLocation, StoredFile
from mixcpt_store.byte_ranges import read_lines_between
from mixcpt_store.errors import InputError

MAX_RANGE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class FileRange:
    """The lines of a file whose first byte is in [start, end). A compressed file is a single range."""

    file: StoredFile
    start: int
    end: int


def take_whole_file(file: StoredFile) -> FileRange:
    return FileRange(file, 0, file.size)


def split_into_ranges(file: StoredFile, size: int | None = None) -> Sequence[FileRange]:
    """Splits a file into ranges of `size` bytes, MAX_RANGE_BYTES by default."""
    if _is_compressed(file):
        return [take_whole_file(file)]
    size = size or MAX_RANGE_BYTES
    return [FileRange(file, start, min(start + size, file.size)) for start in range(0, file.size, size)]


@dataclass
class LineReader:
    """Iterates over the lines of a range and knows its position. Raises InputError for a damaged file.

    A line ends with LF or CR LF. A byte order mark at the start of the file is not part of its first line.
    """

    location: StorageLocation
    file_range: FileRange
    _number: int = field(default=0, init=False)

    @property
    def lines_read(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[str]:
        with self.location.open_file(self.file_range.file) as raw:
            for line in self._read_lines(raw):
                self._number += 1
                if self._number == 1 and self.file_range.start == 0:
                    line = self._check_first_line(line)
                    if not line:  # the file has nothing but a byte order mark
                        self._number = 0
                        return
                yield self._decode_line(line).rstrip("\r\n")

    def _check_first_line(self, line: bytes) -> bytes:
        """Returns the line without a byte order mark. Raises InputError when the file is certainly not a text."""
        if line.startswith(UNREADABLE_STARTS):
            raise self.build_error("not the text itself")
        return line.removeprefix(codecs.BOM_UTF8)

    def _decode_line(self, line: bytes) -> str:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = f"not UTF-8: {error.reason} at byte {error.start}"
            raise self.build_error(problem) from error
        if "\0" in text:
            raise self.build_error(f"has a NUL at byte {line.index(0)}; text must not contain any")
        return text

    def build_error(self, problem: str) -> InputError:
        """Returns an error that names the line that was read last, with a hint when the file is of another kind."""
        name, line = self.location.describe_file(self.file_range.file.name), self._count_earlier_lines() + self._number
        hint = describe_wrong_content(self.location, self.file_range.file)
        return InputError(f"{name}, line {line}: {problem}{hint}")

    def _read_lines(self, raw: BinaryIO) -> Iterator[bytes]:
        if not _is_compressed(self.file_range.file):
            yield from read_lines_between(raw, self.file_range.start, self.file_range.end)
            return
        try:
            yield from cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            name = self.location.describe_file(self.file_range.file.name)
            problem = f"damaged after line {self._number}: {error}"
            hint = describe_wrong_content(self.location, self.file_range.file)
            raise InputError(f"{name}: {problem}{hint}") from error

    def _count_earlier_lines(self) -> int:
        """Counts the lines before this range. It reads the file again, so it is called only for an error."""
        if not self.file_range.start:
            return 0
        with self.location.open_file(self.file_range.file) as raw:
            return sum(1 for _ in read_lines_between(raw, 0, self.file_range.start))


def _is_compressed(file: StoredFile) -> bool:
    return file.name.endswith(".gz")
