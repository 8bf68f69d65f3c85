"""STATS.json: what a mixture holds per source and language, and what was kept of its input."""

from pathlib import Path
from typing import Any

from mixcpt_data.mixture.counts import Counts, sum_of, times


def statistics(by_source: dict[str, list[Counts]], repeat: int, tokenizer: Path | None) -> dict[str, Any]:
    """`by_source` has what every shard counted. Counts of the mixture include repeats; the filter's do not.

    `languages` names a pair as `eng_Latn-khm_Khmr` and code as `code`.
    """
    added = {name: sum_of(reports) for name, reports in sorted(by_source.items())}
    written = {name: times(report.get("written", {}), repeat) for name, report in added.items()}
    return {
        "unit": "rows, whitespace-separated words, characters"
        + (f", and tokens of {tokenizer} without special ones" if tokenizer else ""),
        "total": sum_of(count for languages in written.values() for count in languages.values()),
        "sources": {name: sum_of(languages.values()) for name, languages in written.items()},
        "languages": _sorted(sum_of(written.values())),
        "sourcesByLanguage": {name: _sorted(languages) for name, languages in written.items()},
        "filter": {name: _sorted(report.get("filter", {})) for name, report in added.items()},
    }


def _sorted(counts: Counts) -> Counts:
    return {
        name: _sorted(value) if isinstance(value, dict) and name == "dropped" else value
        for name, value in sorted(counts.items())
    }
