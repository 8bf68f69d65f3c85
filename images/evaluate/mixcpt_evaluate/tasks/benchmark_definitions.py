"""Benchmarks without their files: name, number of items and, for a classification, the words of its prompts."""

from collections.abc import Mapping
from dataclasses import dataclass

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class ClassificationBenchmark:
    """`item_counts` is by split. `example` contains {text} and ends with " {label}".

    `question` contains {text}, too, and follows the examples; when it is empty, the example without its label does.
    """

    name: str
    item_counts: Mapping[str, int]
    labels: tuple[str, ...]
    heading: str
    example: str
    question: str = ""


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
    labels = definition.get_texts("labels")
    if len(set(labels)) < max(2, len(labels)) or "" in labels:
        definition.add_problem("labels", f"is {labels}; it must hold at least two different labels, none of them empty")
    return ClassificationBenchmark(
        read_benchmark_name(definition),
        {"test": definition.get_integer("items", minimum=1)},
        tuple(labels),
        definition.get_text("heading"),
        example,
        _read_question(definition),
    )


def read_translation_benchmark(spec: Spec) -> TranslationBenchmark:
    """Reads a benchmark that the stack defines."""
    definition = spec.get_child("benchmark")
    definition.get_text("kind", allowed=("translation",))
    name = read_benchmark_name(definition)
    return TranslationBenchmark(name, {"devtest": definition.get_integer("items", minimum=1)})


def _read_question(definition: Spec) -> str:
    question = definition.get_text("question", default="")
    if question and question.count("{text}") != 1:
        definition.add_problem("question", f"is {question!r}; it must contain {{text}} once")
    return question


def read_benchmark_name(definition: Spec) -> str:
    """Reads the name, which is also that of the benchmark's folder."""
    name = definition.get_text("name")
    if name and (name in (".", "..") or "/" in name or "\0" in name):
        definition.add_problem("name", f"is {name!r}; it must be the name of a folder, without a slash")
    return name
