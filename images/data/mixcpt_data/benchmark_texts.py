"""What the evaluation asks, so that no mixture holds it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from mixcpt_data.sentences import sentences
from mixcpt_data.source import Row
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
        for text in {normalise(text) for text in texts}:
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
def load_benchmark_texts(directory: Path) -> BenchmarkTexts:
    """All splits and languages below `directory`. Raises InputError when there are none."""
    texts = BenchmarkTexts(_texts(directory))
    if not texts._by_prefix and not texts._short:
        raise InputError(
            f"{directory} holds no sib200/LANGUAGE/*.tsv and no flores200/{{dev,devtest}}/LANGUAGE.*"
        )
    return texts


def _texts(directory: Path) -> Iterator[str]:
    for path in sorted(directory.glob("sib200/*/*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            yield line.rpartition("\t")[2]
    for path in sorted(directory.glob("flores200/dev*/*.dev*")):
        yield from path.read_text(encoding="utf-8").splitlines()
