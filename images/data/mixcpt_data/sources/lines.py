"""Text files line by line, in pieces that several processes can read at once."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from mixcpt_data.storage.locations import Place, StoredFile
from mixcpt_store.byte_ranges import read_lines_between
from mixcpt_store.errors import InputError

PIECE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Piece:
    """The lines of a file whose first byte lies in [start, end). A compressed file is one piece."""

    file: StoredFile
    start: int
    end: int


def pieces(file: StoredFile, size: int = PIECE) -> Sequence[Piece]:
    if _compressed(file):
        return [Piece(file, 0, file.bytes)]
    return [Piece(file, start, min(start + size, file.bytes)) for start in range(0, file.bytes, size)]


@dataclass
class Lines:
    """Iterates over the lines of a piece and can tell where it is. Raises InputError for a damaged file."""

    place: Place
    piece: Piece
    _number: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[str]:
        with self.place.open(self.piece.file.name) as raw:
            for line in self._lines(raw):
                self._number += 1
                try:
                    text = line.decode("utf-8")
                except UnicodeDecodeError as error:
                    raise self.error(f"is not UTF-8: {error.reason} at byte {error.start}") from error
                yield text.rstrip("\r\n")

    def error(self, what: str) -> InputError:
        """An error at the line read last."""
        name, line = self.place.describe(self.piece.file.name), self._before() + self._number
        return InputError(f"{name}, line {line} {what}")

    def _lines(self, raw: BinaryIO) -> Iterator[bytes]:
        if not _compressed(self.piece.file):
            yield from read_lines_between(raw, self.piece.start, self.piece.end)
            return
        try:
            yield from cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            name = self.place.describe(self.piece.file.name)
            raise InputError(f"{name} is damaged after line {self._number}: {error}") from error

    def _before(self) -> int:
        """Lines of the file before this piece; counted only when there is something to report."""
        if not self.piece.start:
            return 0
        with self.place.open(self.piece.file.name) as raw:
            return sum(1 for _ in read_lines_between(raw, 0, self.piece.start))


def _compressed(file: StoredFile) -> bool:
    return file.name.endswith(".gz")
