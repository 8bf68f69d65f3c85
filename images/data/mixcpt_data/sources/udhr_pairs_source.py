"""Bilingual text: an article of the Declaration in two languages per row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mixcpt_data.sources.source import Row, Shard
from mixcpt_data.sources.udhr import ARTICLES, UDHR_DIRECTORY, read_declaration


@dataclass(frozen=True)
class UdhrPairsSource:
    pairs: tuple[tuple[str, str], ...]
    held_out_articles: frozenset[int]
    directory: Path = UDHR_DIRECTORY

    def shards(self) -> Sequence[Shard]:
        return [self]

    def rows(self, random: Random) -> Iterator[Row]:
        """Each article once per pair."""
        for pair in self.pairs:
            first, second = (read_declaration(language, self.directory) for language in pair)
            for article in ARTICLES:
                if article not in self.held_out_articles:
                    yield Row((first.text_of(article), second.text_of(article)), pair)
