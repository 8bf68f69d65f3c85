"""What a mixture takes of a source."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.sources.source import Source


@dataclass(frozen=True)
class Selection:
    """`fraction` of the rows, drawn by the seed; of those, what `language_model` confirms; of those, in their
    order, as many as fit into `tokens`."""

    name: str
    fraction: float = 1.0
    language_model: str | None = None
    tokens: int | None = None


@dataclass(frozen=True)
class Settings:
    """What holds for all sources of a mixture. `benchmarks` and `tokenizer` are directories of the store."""

    seed: int
    repeat: int = 1
    benchmarks: tuple[Path, ...] = ()
    tokenizer: Path | None = None


@dataclass(frozen=True)
class Ingredient:
    """An entry of `sources` in the spec."""

    source: Source
    selection: Selection
    languages: tuple[str, ...] = ()
