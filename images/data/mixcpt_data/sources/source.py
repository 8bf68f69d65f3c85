"""The interface of all text sources of a mixture: a source has shards, a shard has rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol


@dataclass(frozen=True)
class Row:
    """The material of one training example: one text per language. Code has one text and no language."""

    texts: tuple[str, ...]
    languages: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The key in STATS.json: `eng_Latn`, `eng_Latn-khm_Khmr` or `code`."""
        return "-".join(self.languages) or "code"


class Shard(Protocol):
    """The unit of work: one process prepares a shard, and a finished shard is never prepared again.

    The `repr` of a shard must contain everything that determines its rows: finished work is stored under it.
    """

    def read_rows(self, random: Random) -> Iterator[Row]:
        """Yields every row once; equal `random` gives equal rows. Raises InputError for damaged input."""
        ...


class Source(Protocol):
    def list_shards(self) -> Sequence[Shard]:
        """Returns the shards in the order in which a budget is spent. Raises InputError for missing input."""
        ...
