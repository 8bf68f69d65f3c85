"""What a benchmark is, apart from its files: its name, its items and, of a classification, its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class Classification:
    """`items` by split. `example` holds {text} and ends with " {label}"."""

    name: str
    items: Mapping[str, int]
    labels: tuple[str, ...]
    heading: str
    example: str


@dataclass(frozen=True)
class Translation:
    """`items` by split. Its words are those of the study, whatever is translated."""

    name: str
    items: Mapping[str, int]


SIB200 = Classification(
    "sib200",
    {"train": 701, "dev": 99, "test": 204},
    ("science/technology", "travel", "politics", "sports", "health", "entertainment", "geography"),
    "Topic Classification",
    'The topic of the news "{text}" is {label}',
)
FLORES200 = Translation("flores200", {"dev": 997, "devtest": 1012})


def read_classification(spec: Spec) -> Classification:
    """Another benchmark, as a stack describes it."""
    own = spec.get_child("benchmark")
    own.get_text("kind", allowed=("classification",))
    example = own.get_text("example")
    if example.count("{text}") != 1 or not example.endswith(" {label}"):
        own.add_problem("example", f'is {example!r}; it must hold {{text}} once and end with " {{label}}"')
    return Classification(
        own.get_text("name"),
        {"test": own.get_integer("items", minimum=1)},
        tuple(own.get_texts("labels")),
        own.get_text("heading"),
        example,
    )


def read_translation(spec: Spec) -> Translation:
    own = spec.get_child("benchmark")
    own.get_text("kind", allowed=("translation",))
    return Translation(own.get_text("name"), {"devtest": own.get_integer("items", minimum=1)})
