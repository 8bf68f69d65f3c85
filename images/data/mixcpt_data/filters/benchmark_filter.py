"""Drops rows that contain a text of an evaluation benchmark."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from glob import escape
from pathlib import Path

from mixcpt_data.filters.sentences import split_sentences
from mixcpt_data.sources.formats import FILE_FORMATS
from mixcpt_data.sources.lines import LineReader, take_whole_file
from mixcpt_data.sources.source import Row
from mixcpt_data.storage.locations import StoredFile, StoreDirectory
from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_matching_paths

# Texts with fewer letters and digits than this are too common to be searched for inside other texts.
_INDEX_PREFIX_LENGTH = 16
_TEXT_COLUMN = "text"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def normalize_text(text: str) -> str:
    """Returns only letters and digits, case-folded: spacing, punctuation and typographic variants are ignored."""
    return _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", text).casefold())


class BenchmarkFilter:
    """Finds an evaluation text anywhere in a row, but a very short one only as a whole sentence."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._by_prefix: dict[str, tuple[str, ...]] = {}
        self._short: set[str] = set()
        # An empty text would match every row that has a sentence without letters.
        for text in {normalize_text(text) for text in texts} - {""}:
            prefix = text[:_INDEX_PREFIX_LENGTH]
            if len(prefix) < _INDEX_PREFIX_LENGTH:
                self._short.add(text)
            else:
                self._by_prefix[prefix] = (*self._by_prefix.get(prefix, ()), text)

    def find_drop_reason(self, row: Row) -> str | None:
        """Returns why the row is dropped, or None to keep it."""
        return "evaluation text" if any(self._contains_evaluation_text(text) for text in row.texts) else None

    def _contains_evaluation_text(self, text: str) -> bool:
        letters = normalize_text(text)
        for start in range(len(letters) - _INDEX_PREFIX_LENGTH + 1):
            candidates = self._by_prefix.get(letters[start : start + _INDEX_PREFIX_LENGTH])
            if candidates and any(letters.startswith(candidate, start) for candidate in candidates):
                return True
        return bool(self._short) and any(normalize_text(part) in self._short for part in split_sentences(text))


@lru_cache(maxsize=1)
def load_benchmark_filter(directories: tuple[Path, ...]) -> BenchmarkFilter:
    """Reads all splits and languages below `directories`, in the benchmarks' original layouts or the hub's.

    Raises InputError for a directory without a benchmark, or with the line of a damaged file.
    """
    return BenchmarkFilter(text for directory in directories for text in _read_benchmark_texts(directory))


def _read_benchmark_texts(directory: Path) -> Iterator[str]:
    files = [(read, path) for pattern, read in _LAYOUTS.items() for path in list_matching_paths(directory, pattern)]
    if not files:
        raise InputError(
            f"{directory}: no benchmark found; expected sib200/LANGUAGE/*.tsv or flores200/{{dev,devtest}}/LANGUAGE.*, "
            "or in the layout of the hub data/LANGUAGE/*.tsv or {dev,devtest}/LANGUAGE.jsonl"
        )
    for read, path in files:
        yield from read(path)


def _read_tsv_texts(path: Path) -> Iterator[str]:
    """Yields the column `text`. Every value is text, also `0`, `True`, `NA` or `null`."""
    lines = _open_lines(path)
    rows = iter(lines)
    header = next(rows, "").split("\t")
    if _TEXT_COLUMN not in header:
        lines_hint = ", ".join(header) if lines.lines_read else "none, the file is empty"
        raise InputError(f"{path}: the column {_TEXT_COLUMN} is missing; available: {lines_hint}")
    column = header.index(_TEXT_COLUMN)
    for line in rows:
        # The last column may contain tabs. A quoted text may continue on a line that has no other column.
        fields = line.split("\t", len(header) - 1)
        yield fields[min(column, len(fields) - 1)]


def _read_plain_texts(path: Path) -> Iterator[str]:
    yield from _open_lines(path)


def _read_jsonl_texts(path: Path) -> Iterator[str]:
    location, file = _find_stored_file(path)
    texts = FILE_FORMATS["jsonl"].read(location, (take_whole_file(file),), (_TEXT_COLUMN,))
    yield from (text for (text,) in texts)


def _open_lines(path: Path) -> LineReader:
    location, file = _find_stored_file(path)
    return LineReader(location, take_whole_file(file))


def _find_stored_file(path: Path) -> tuple[StoreDirectory, StoredFile]:
    location = StoreDirectory(path.parent)
    (file,) = location.list_files(escape(path.name))
    return location, file


_LAYOUTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "sib200/*/*.tsv": _read_tsv_texts,
    "data/*/*.tsv": _read_tsv_texts,
    "flores200/dev*/*.dev*": _read_plain_texts,
    "dev*/*.jsonl": _read_jsonl_texts,
}
