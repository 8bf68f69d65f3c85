"""Why a row is left out."""

from collections.abc import Callable

from mixcpt_data.filters.benchmark_filter import load_benchmark_texts
from mixcpt_data.filters.language_filter import LanguageFilter
from mixcpt_data.filters.language_model import load_language_model
from mixcpt_data.mixture.selection import Selection, Settings
from mixcpt_data.shuffle.sampling import Draws
from mixcpt_data.sources.source import Row

Judge = Callable[[int, Row], str | None]
"""From a row and its number in the shard to the reason against it, or None."""


def judges_of(selection: Selection, settings: Settings, draws: Draws) -> list[Judge]:
    """Cheap ones first: the first reason counts, and no later judge is asked."""
    judges: list[Judge] = []
    if selection.fraction < 1:
        judges.append(lambda number, _: None if draws.share(number) < selection.fraction else "not drawn")
    judges.append(lambda _, row: None if all(row.texts) else "empty")
    if settings.benchmarks:
        texts = load_benchmark_texts(settings.benchmarks)
        judges.append(lambda _, row: texts.reason_against(row))
    if selection.language_model:
        languages = LanguageFilter(load_language_model(selection.language_model))
        judges.append(lambda _, row: languages.reason_against(row))
    return judges
