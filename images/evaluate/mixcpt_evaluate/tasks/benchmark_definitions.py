"""Benchmarks without their files: name, number of items and, for a classification, the words of its prompts."""

from collections.abc import Mapping
from dataclasses import dataclass

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class ClassificationBenchmark:
    """`item_counts` is by split. `example` contains {text} and ends with " {label}"."""

    name: str
    item_counts: Mapping[str, int]
    labels: tuple[str, ...]
    heading: str
    example: str


@dataclass(frozen=True)
class TranslationBenchmark:
    """`item_counts` is by split. The words of the prompts are the study's, for every benchmark."""

    name: str
    item_counts: Mapping[str, int]


SIB200 = ClassificationBenchmark(
    "sib200",
    {"train": 701, "dev": 99, "test": 204},
    ("science/technology", "travel", "politics", "sports", "health", "entertainment", "geography"),
    "Topic Classification",
    'The topic of the news "{text}" is {label}',
)
FLORES200 = TranslationBenchmark("flores200", {"dev": 997, "devtest": 1012})


def read_classification_benchmark(spec: Spec) -> ClassificationBenchmark:
    """Reads a benchmark that the stack defines."""
    definition = spec.get_child("benchmark")
    definition.get_text("kind", allowed=("classification",))
    example = definition.get_text("example")
    if example.count("{text}") != 1 or not example.endswith(" {label}"):
        definition.add_problem("example", f'is {example!r}; it must contain {{text}} once and end with " {{label}}"')
    return ClassificationBenchmark(
        definition.get_text("name"),
        {"test": definition.get_integer("items", minimum=1)},
        tuple(definition.get_texts("labels")),
        definition.get_text("heading"),
        example,
    )


def read_translation_benchmark(spec: Spec) -> TranslationBenchmark:
    """Reads a benchmark that the stack defines."""
    definition = spec.get_child("benchmark")
    definition.get_text("kind", allowed=("translation",))
    return TranslationBenchmark(definition.get_text("name"), {"devtest": definition.get_integer("items", minimum=1)})
