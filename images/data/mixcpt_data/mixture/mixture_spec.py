"""The spec of a mixture: settings for all sources, and the part of each source that the mixture takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mixcpt_data.mixture.budget import Budget, read_budget
from mixcpt_data.sources.corpus_source import CorpusSource
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.source_spec import read_source
from mixcpt_data.sources.udhr_sources import UdhrPairsSource, UdhrSource
from mixcpt_store.cores import count_cores
from mixcpt_store.languages import read_language_names
from mixcpt_store.spec import Spec

_MAX_REPEAT = 100


@dataclass(frozen=True)
class Selection:
    """The rows that a mixture takes from a source.

    First a `fraction` of the rows is drawn by the seed; then `language_model` filters them; then as many rows as
    fit into `budget` are taken in their order. A text that ends before the budget is read again, `repeat` times in all.
    """

    name: str
    fraction: float = 1.0
    language_model: str | None = None
    budget: Budget | None = None
    repeat: int = 1


@dataclass(frozen=True)
class MixtureSettings:
    """Settings for all sources of a mixture. `benchmarks` and `tokenizer` are directories of the store."""

    seed: int
    repeat: int = 1
    benchmarks: tuple[Path, ...] = ()
    tokenizer: Path | None = None
    language_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ingredient:
    """An entry of `sources` in the spec. `languages` is empty for code."""

    source: Source
    selection: Selection
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class MixtureSpec:
    output: Path
    settings: MixtureSettings
    ingredients: tuple[Ingredient, ...]
    workers: int
    licenses: Mapping[str, str] = field(default_factory=dict)
    """Licenses by the names of sources, for STATS.json."""


def read_mixture_spec(spec: Spec) -> MixtureSpec:
    """Raises InputError with all problems of the spec."""
    output = spec.get_path("output")
    workers = spec.get_integer("workers", default=count_cores(), minimum=1)
    ingredients = tuple(_read_ingredient(source) for source in spec.get_children("sources"))
    settings = MixtureSettings(
        seed=spec.get_integer("seed"),
        repeat=spec.get_integer("repeat", default=1, minimum=1),
        benchmarks=tuple(spec.get_paths("benchmarks")),
        tokenizer=spec.get_optional_path("tokenizer"),
        language_names=read_language_names(spec, _list_pair_languages(ingredients)),
    )
    if not ingredients and not spec.problems:
        spec.add_problem("sources", "is empty; name at least one source")
    for index, ingredient in enumerate(ingredients):
        budget = ingredient.selection.budget
        if budget is not None and budget.unit == "tokens" and settings.tokenizer is None:
            spec.add_problem(f"sources[{index}].tokens", "needs spec.tokenizer, a model to count with")
    licenses = _read_licenses(spec, {ingredient.selection.name for ingredient in ingredients})
    spec.finish()
    return MixtureSpec(output, settings, ingredients, workers, licenses)


def _read_licenses(spec: Spec, names: set[str]) -> dict[str, str]:
    licenses = spec.get_child("licenses", default={})
    texts = {name: licenses.get_optional_text(name) for name in sorted(names)}
    return {name: text for name, text in texts.items() if text is not None}


def _list_pair_languages(ingredients: Iterable[Ingredient]) -> list[str]:
    """Lists the languages whose names the texts of pairs contain."""
    pairs = [ingredient.languages for ingredient in ingredients if len(ingredient.languages) > 1]
    for ingredient in ingredients:
        if isinstance(ingredient.source, UdhrPairsSource):
            pairs.extend(ingredient.source.pairs)
    return [language for pair in pairs for language in pair]


def _read_ingredient(spec: Spec) -> Ingredient:
    """Adds problems to `spec`; an ingredient with problems must not be used."""
    source = read_source(spec)
    if source is None:
        return Ingredient(UdhrSource((), frozenset()), Selection("unknown"))
    languages = source.languages if isinstance(source, CorpusSource) else ()
    return Ingredient(source, _read_selection(spec, languages), languages)


def _read_selection(spec: Spec, languages: tuple[str, ...]) -> Selection:
    fraction = spec.get_number("fraction", default=1.0)
    if not 0 < fraction <= 1:
        spec.add_problem("fraction", f"is {fraction}; it must be above 0 and at most 1")
    model = spec.get_optional_text("languageModel")
    if model and not languages:
        spec.add_problem("languageModel", "is not allowed for a source without `languages`")
    budget = read_budget(spec, languages)
    repeat = spec.get_integer("repeat", default=1, minimum=1)
    if repeat > _MAX_REPEAT:
        spec.add_problem("repeat", f"is {repeat}; at most {_MAX_REPEAT} is allowed")
    return Selection(spec.get_text("name", default=spec.get_text("kind")), fraction, model, budget, repeat)
