"""Drops rows that contain a text of an evaluation benchmark."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from glob import escape
from pathlib import Path

from mixcpt_data.filters.sentences import split_sentences
from mixcpt_data.sources.formats import FILE_FORMATS
from mixcpt_data.sources.lines import take_whole_file
from mixcpt_data.sources.source import Row
from mixcpt_data.storage.locations import StoreDirectory
from mixcpt_store.errors import InputError

# Texts with fewer letters and digits than this are too common to be searched for inside other texts.
_INDEX_PREFIX_LENGTH = 16
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
    files = [(read, path) for pattern, read in _LAYOUTS.items() for path in sorted(directory.glob(pattern))]
    if not files:
        raise InputError(
            f"{directory}: no benchmark found; expected sib200/LANGUAGE/*.tsv or flores200/{{dev,devtest}}/LANGUAGE.*, "
            "or in the layout of the hub data/LANGUAGE/*.tsv or {dev,devtest}/LANGUAGE.jsonl"
        )
    for read, path in files:
        yield from read(path)


def _read_tsv_texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        yield line.rpartition("\t")[2]


def _read_plain_texts(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8").splitlines()


def _read_jsonl_texts(path: Path) -> Iterator[str]:
    location = StoreDirectory(path.parent)
    for file in location.list_files(escape(path.name)):
        yield from (text for (text,) in FILE_FORMATS["jsonl"].read(location, (take_whole_file(file),), ("text",)))


_LAYOUTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "sib200/*/*.tsv": _read_tsv_texts,
    "data/*/*.tsv": _read_tsv_texts,
    "flores200/dev*/*.dev*": _read_plain_texts,
    "dev*/*.jsonl": _read_jsonl_texts,
}
