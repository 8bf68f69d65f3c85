"""Reports sources that ended before their token budget was used up."""

from collections.abc import Iterator, Sequence
from typing import Any

from mixcpt_data.mixture.mixture_spec import Ingredient
from mixcpt_data.mixture.prepare_shard import PreparedShard


def find_shortfalls(
    ingredients: Sequence[Ingredient], prepared: Sequence[Sequence[PreparedShard]]
) -> Iterator[dict[str, Any]]:
    """Yields entries of `short` in STATS.json. `got` is the number of tokens that the source has.

    A source that was cut off at its budget has no shortfall.
    """
    for ingredient, shards in zip(ingredients, prepared, strict=True):
        name, budget = ingredient.selection.name, ingredient.selection.tokens
        tokens = sum(shard.token_count for shard in shards)
        if budget is not None and tokens < budget and not any(shard.is_full for shard in shards):
            yield {"source": name, "languages": list(ingredient.languages), "asked": budget, "got": tokens}


def describe_shortfall(short: dict[str, Any]) -> str:
    languages = "-".join(short["languages"]) or "code"
    return f"{short['source']} ({languages}) has {short['got']} of the {short['asked']} tokens of its budget"
