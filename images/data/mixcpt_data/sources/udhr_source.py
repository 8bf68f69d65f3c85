"""Monolingual text: one paragraph of the Declaration per row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mixcpt_data.sources.source import Row, Shard
from mixcpt_data.sources.udhr import UDHR_DIRECTORY, read_declaration


@dataclass(frozen=True)
class UdhrSource:
    languages: tuple[str, ...]
    held_out_articles: frozenset[int]
    directory: Path = UDHR_DIRECTORY

    def shards(self) -> Sequence[Shard]:
        return [self]

    def rows(self, random: Random) -> Iterator[Row]:
        """The order is the text's own; the mixture shuffles."""
        for language in self.languages:
            for paragraph in self._paragraphs(language):
                yield Row((paragraph,), (language,))

    def _paragraphs(self, language: str) -> Iterator[str]:
        declaration = read_declaration(language, self.directory)
        yield from declaration.preamble
        for article, paragraphs in sorted(declaration.articles.items()):
            if article not in self.held_out_articles:
                yield from paragraphs
