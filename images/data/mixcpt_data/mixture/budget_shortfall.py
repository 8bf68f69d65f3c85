"""Reports sources that ended before their budget was used up, and those that were read more than once."""

from collections.abc import Iterator, Sequence
from typing import Any

from mixcpt_data.mixture.mixture_spec import Ingredient
from mixcpt_data.mixture.prepare_shard import PreparedShard


def find_shortfalls(
    ingredients: Sequence[Ingredient], prepared: Sequence[Sequence[PreparedShard]]
) -> Iterator[dict[str, Any]]:
    """Yields entries of `short` in STATS.json. `asked` and `got` are in `unit`.

    A source that was cut off at its budget has no shortfall.
    """
    for ingredient, shards in zip(ingredients, prepared, strict=True):
        name, budget = ingredient.selection.name, ingredient.selection.budget
        got = sum(shard.used_budget for shard in shards)
        if budget is not None and got < budget.amount and not any(shard.is_full for shard in shards):
            languages = list(ingredient.languages)
            yield {"source": name, "languages": languages, "unit": budget.unit, "asked": budget.amount, "got": got}


def count_readings(
    ingredients: Sequence[Ingredient], prepared: Sequence[Sequence[PreparedShard]]
) -> dict[str, dict[str, int]]:
    """Returns `repeated` of STATS.json: how often texts were read, by source and language, if more than once.

    The last reading ends where the budget does.
    """
    readings: dict[str, dict[str, int]] = {}
    for ingredient, shards in zip(ingredients, prepared, strict=True):
        for shard in shards:
            for language in shard.report.get("written", {}) if shard.repetition else ():
                by_language = readings.setdefault(ingredient.selection.name, {})
                by_language[language] = max(by_language.get(language, 0), shard.repetition + 1)
    return readings


def describe_shortfall(short: dict[str, Any]) -> str:
    languages = "-".join(short["languages"]) or "code"
    return f"{short['source']} ({languages}) has {short['got']} of the {short['asked']} {short['unit']} of its budget"
