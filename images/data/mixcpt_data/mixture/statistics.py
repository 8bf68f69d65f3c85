"""STATS.json: the content of a mixture per source and language, and the rows that its filters kept and dropped."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

Counts = dict[str, Any]
"""Maps names to whole numbers or to nested counts."""


def add_counts(total: Counts, more: Counts) -> Counts:
    """Adds `more` to `total` in place, name by name, and returns `total`."""
    for name, value in more.items():
        if isinstance(value, dict):
            add_counts(total.setdefault(name, {}), value)
        else:
            total[name] = total.get(name, 0) + value
    return total


def sum_counts(parts: Iterable[Counts]) -> Counts:
    total: Counts = {}
    for part in parts:
        add_counts(total, part)
    return total


def multiply_counts(counts: Counts, factor: int) -> Counts:
    return {
        name: multiply_counts(value, factor) if isinstance(value, dict) else value * factor
        for name, value in counts.items()
    }


def count_text(text: str) -> Counts:
    """Counts whitespace-separated words and characters. Scripts without spaces have few words: compare characters."""
    return {"rows": 1, "words": len(text.split()), "characters": len(text)}


def build_statistics(reports: dict[str, list[Counts]], repeat: int, tokenizer: Path | None) -> dict[str, Any]:
    """Builds STATS.json from the reports of all shards by source name.

    Counts of the mixture include repetitions; counts of the filter do not. `languages` names a pair as
    `eng_Latn-khm_Khmr` and code as `code`.
    """
    totals = {name: sum_counts(shard_reports) for name, shard_reports in sorted(reports.items())}
    written = {name: multiply_counts(report.get("written", {}), repeat) for name, report in totals.items()}
    return {
        "unit": "rows, whitespace-separated words, characters"
        + (f", and tokens of {tokenizer} without special ones" if tokenizer else ""),
        "total": sum_counts(count for languages in written.values() for count in languages.values()),
        "sources": {name: sum_counts(languages.values()) for name, languages in written.items()},
        "languages": _sort_counts(sum_counts(written.values())),
        "sourcesByLanguage": {name: _sort_counts(languages) for name, languages in written.items()},
        "filter": {name: _sort_counts(report.get("filter", {})) for name, report in totals.items()},
    }


def _sort_counts(counts: Counts) -> Counts:
    return {
        name: _sort_counts(value) if isinstance(value, dict) and name == "dropped" else value
        for name, value in sorted(counts.items())
    }
