"""The one interface of all text sources of a mixture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """What one training instance is made of: a text per language; code has one text and no language."""

    texts: tuple[str, ...]
    languages: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How statistics name it: `eng_Latn`, `eng_Latn-khm_Khmr`, `code`."""
        return "-".join(self.languages) or "code"


class Shard(Protocol):
    """The unit of work: prepared by one process, and never again once it is done.

    Its `repr` must tell all that decides its rows: it is the name under which the work is kept.
    """

    def rows(self, random: Random) -> Iterator[Row]:
        """Yields every row once; equal `random` gives equal rows. Raises InputError for damaged input."""
        ...


class Source(Protocol):
    """Where rows come from."""

    def shards(self) -> Sequence[Shard]:
        """In the order in which a budget is spent. Raises InputError for input that is absent."""
        ...
