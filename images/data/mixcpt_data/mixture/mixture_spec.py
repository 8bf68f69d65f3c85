"""What the verb `mixture` is told."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.mixture.selection import Ingredient, Settings
from mixcpt_data.sources.source_spec import read_ingredient
from mixcpt_store.cores import count_cores
from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class MixtureSpec:
    output: Path
    settings: Settings
    ingredients: tuple[Ingredient, ...]
    workers: int


def read_mixture_spec(spec: Spec) -> MixtureSpec:
    """Raises InputError with everything that is wrong."""
    settings = Settings(
        seed=spec.get_integer("seed"),
        repeat=spec.get_integer("repeat", default=1, minimum=1),
        benchmarks=tuple(spec.get_paths("benchmarks")),
        tokenizer=spec.get_optional_path("tokenizer"),
    )
    output = spec.get_path("output")
    workers = spec.get_integer("workers", default=count_cores(), minimum=1)
    ingredients = tuple(read_ingredient(source) for source in spec.get_children("sources"))
    if not ingredients and not spec.problems:
        spec.add_problem("sources", "is empty; name at least one source")
    for index, ingredient in enumerate(ingredients):
        if ingredient.selection.tokens is not None and settings.tokenizer is None:
            spec.add_problem(f"sources[{index}].tokens", "needs spec.tokenizer, a model to count with")
    spec.finish()
    return MixtureSpec(output, settings, ingredients, workers)
