"""The one interface of all text sources of a mixture."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """One training instance: `languages` has one code for monolingual text, two for a pair, none for code."""

    text: str
    kind: str
    languages: tuple[str, ...]


class Source(Protocol):
    """Where rows come from. A source is deterministic: equal spec and equal `random` give equal rows."""

    def rows(self, random: Random) -> Iterator[Row]:
        """Yields every row once. Raises InputError for input that is absent or damaged."""
        ...
