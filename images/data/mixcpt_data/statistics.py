"""Counts what a mixture holds, per source and language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mixcpt_data.source import Row


@dataclass
class _Count:
    rows: int = 0
    words: int = 0
    characters: int = 0

    def add(self, text: str) -> None:
        self.rows += 1
        self.words += len(text.split())
        self.characters += len(text)


def statistics(rows: Iterable[Row]) -> dict[str, Any]:
    """Rows, whitespace-separated words, characters. Scripts without spaces have few words: read characters.

    `languages` names a pair as `eng_Latn-khm_Khmr` and code as `code`.
    """
    total = _Count()
    by_source: dict[str, _Count] = {}
    by_language: dict[str, _Count] = {}
    for row in rows:
        language = "-".join(row.languages) or "code"
        for count in (
            total,
            by_source.setdefault(row.kind, _Count()),
            by_language.setdefault(language, _Count()),
        ):
            count.add(row.text)
    return {
        "unit": "whitespace-separated words, and characters",
        "total": vars(total),
        "sources": {kind: vars(count) for kind, count in sorted(by_source.items())},
        "languages": {language: vars(count) for language, count in sorted(by_language.items())},
    }
