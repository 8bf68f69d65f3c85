"""Builds the filters that a source's rows must pass."""

from collections.abc import Callable
from pathlib import Path

from mixcpt_data.filters.benchmark_filter import load_benchmark_filter
from mixcpt_data.filters.language_filter import LanguageFilter
from mixcpt_data.shuffle.sampling import RowSampling
from mixcpt_data.sources.source import Row
from mixcpt_store.language_model import load_language_model

RowFilter = Callable[[int, Row], str | None]
"""Maps a row and its number in the shard to the reason to drop it, or to None to keep it."""


def build_row_filters(
    sampling: RowSampling, *, fraction: float, benchmarks: tuple[Path, ...], language_model: str | None
) -> list[RowFilter]:
    """Returns the filters in the order of their cost; only the first reason to drop a row counts."""
    filters: list[RowFilter] = []
    if fraction < 1:
        filters.append(lambda number, _: None if sampling.draw_share(number) < fraction else "not drawn")
    filters.append(lambda _, row: None if all(row.texts) else "empty")
    if benchmarks:
        benchmark_filter = load_benchmark_filter(benchmarks)
        filters.append(lambda _, row: benchmark_filter.find_drop_reason(row))
    if language_model:
        language_filter = LanguageFilter(load_language_model(language_model))
        filters.append(lambda _, row: language_filter.find_drop_reason(row))
    return filters
