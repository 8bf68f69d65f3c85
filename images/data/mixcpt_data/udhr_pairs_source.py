"""Bilingual text: an article of the Declaration in two languages per row."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mixcpt_data.source import Row
from mixcpt_data.udhr import ARTICLES, UDHR_DIRECTORY, read_declaration


@dataclass(frozen=True)
class UdhrPairsSource:
    pairs: tuple[tuple[str, str], ...]
    held_out_articles: frozenset[int]
    directory: Path = UDHR_DIRECTORY

    def rows(self, random: Random) -> Iterator[Row]:
        """Each article once per pair; which language comes first is drawn, so both directions are seen."""
        for pair in self.pairs:
            for article in ARTICLES:
                if article not in self.held_out_articles:
                    first, second = pair if random.random() < 0.5 else pair[::-1]
                    yield Row(self._instance(article, first, second), "udhr-pairs", pair)

    def _instance(self, article: int, first: str, second: str) -> str:
        texts = {code: read_declaration(code, self.directory).text_of(article) for code in (first, second)}
        return f"[{first}]: {texts[first]}\n[{second}]: {texts[second]}"
