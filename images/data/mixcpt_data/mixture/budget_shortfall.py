"""Which sources ended before the tokens that the mixture asked of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from mixcpt_data.mixture.prepare_shard import Prepared
from mixcpt_data.mixture.selection import Ingredient


def shortfalls(ingredients: Sequence[Ingredient], prepared: Sequence[Sequence[Prepared]]) -> Iterator[dict[str, Any]]:
    """`got` is all that the source has. One that was cut off at its budget is not short."""
    for ingredient, shards in zip(ingredients, prepared, strict=True):
        name, asked = ingredient.selection.name, ingredient.selection.tokens
        got = sum(shard.tokens for shard in shards)
        if asked is not None and got < asked and not any(shard.full for shard in shards):
            yield {"source": name, "languages": list(ingredient.languages), "asked": asked, "got": got}


def sentence(short: dict[str, Any]) -> str:
    languages = "-".join(short["languages"]) or "code"
    return f"{short['source']} ({languages}) has {short['got']} of the {short['asked']} tokens asked of it"
