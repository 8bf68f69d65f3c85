"""What the evaluation asks, so that no mixture holds it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from mixcpt_data.filters.sentences import sentences
from mixcpt_data.sources.formats import FORMATS
from mixcpt_data.sources.lines import Piece
from mixcpt_data.sources.source import Row
from mixcpt_data.storage.hub_repository import glob_literal
from mixcpt_data.storage.locations import Directory
from mixcpt_store.errors import InputError

# Texts shorter than this (in letters and digits) say too little to be looked for inside of others.
_PREFIX = 16
_NO_LETTERS = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """Letters and digits alone, without case: spacing, punctuation and typographic variants do not count."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


class BenchmarkTexts:
    """Finds an evaluation text anywhere inside a row; a very short one only as a sentence of its own."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._by_prefix: dict[str, tuple[str, ...]] = {}
        self._short: set[str] = set()
        # An empty one would be found in every row that has a line without letters.
        for text in {normalise(text) for text in texts} - {""}:
            prefix = text[:_PREFIX]
            if len(prefix) < _PREFIX:
                self._short.add(text)
            else:
                self._by_prefix[prefix] = (*self._by_prefix.get(prefix, ()), text)

    def reason_against(self, row: Row) -> str | None:
        """Why the row is dropped; None keeps it."""
        return "evaluation text" if any(self._holds_one(text) for text in row.texts) else None

    def _holds_one(self, text: str) -> bool:
        letters = normalise(text)
        for start in range(len(letters) - _PREFIX + 1):
            candidates = self._by_prefix.get(letters[start : start + _PREFIX])
            if candidates and any(letters.startswith(candidate, start) for candidate in candidates):
                return True
        return bool(self._short) and any(normalise(part) in self._short for part in sentences(text))


@lru_cache(maxsize=1)
def load_benchmark_texts(directories: tuple[Path, ...]) -> BenchmarkTexts:
    """All splits and languages below `directories`, in the benchmarks' own layouts or those of the hub.

    Raises InputError for a directory that holds none, or with the line of a damaged file.
    """
    return BenchmarkTexts(text for directory in directories for text in _texts(directory))


def _texts(directory: Path) -> Iterator[str]:
    found = [(read, path) for pattern, read in _LAYOUTS.items() for path in sorted(directory.glob(pattern))]
    if not found:
        raise InputError(
            f"{directory} holds no benchmark: no sib200/LANGUAGE/*.tsv and no "
            "flores200/{dev,devtest}/LANGUAGE.*, nor the hub's data/LANGUAGE/*.tsv and "
            "{dev,devtest}/LANGUAGE.jsonl"
        )
    for read, path in found:
        yield from read(path)


def _read_tsv(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        yield line.rpartition("\t")[2]


def _read_lines(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8").splitlines()


def _read_jsonl(path: Path) -> Iterator[str]:
    place = Directory(path.parent)
    for file in place.files(glob_literal(path.name)):
        yield from (text for (text,) in FORMATS["jsonl"].read(place, (Piece(file, 0, file.bytes),), ("text",)))


_LAYOUTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "sib200/*/*.tsv": _read_tsv,
    "data/*/*.tsv": _read_tsv,
    "flores200/dev*/*.dev*": _read_lines,
    "dev*/*.jsonl": _read_jsonl,
}
