"""The Declaration as monolingual and as bilingual text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mixcpt_data.sources.source import Row, Shard
from mixcpt_data.sources.udhr import ARTICLES, UDHR_DIRECTORY, read_declaration
from mixcpt_data.sources.udhr_codes import find_udhr_code
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


@dataclass(frozen=True)
class UdhrSource:
    """Monolingual text: one paragraph per row."""

    languages: tuple[str, ...]
    held_out_articles: frozenset[int]
    directory: Path = UDHR_DIRECTORY

    def list_shards(self) -> Sequence[Shard]:
        return [self]

    def read_rows(self, random: Random) -> Iterator[Row]:
        """Yields the rows in the order of the text; the mixture shuffles them."""
        for language in self.languages:
            for paragraph in self._read_paragraphs(language):
                yield Row((paragraph,), (language,))

    def _read_paragraphs(self, language: str) -> Iterator[str]:
        declaration = read_declaration(language, self.directory)
        yield from declaration.preamble
        for article, paragraphs in sorted(declaration.articles.items()):
            if article not in self.held_out_articles:
                yield from paragraphs


@dataclass(frozen=True)
class UdhrPairsSource:
    """Bilingual text: one article in two languages per row."""

    pairs: tuple[tuple[str, str], ...]
    held_out_articles: frozenset[int]
    directory: Path = UDHR_DIRECTORY

    def list_shards(self) -> Sequence[Shard]:
        return [self]

    def read_rows(self, random: Random) -> Iterator[Row]:
        """Yields each article once per pair."""
        for pair in self.pairs:
            first, second = (read_declaration(language, self.directory) for language in pair)
            for article in ARTICLES:
                if article not in self.held_out_articles:
                    yield Row((first.join_article(article), second.join_article(article)), pair)


def read_held_out_articles(spec: Spec) -> frozenset[int]:
    articles = spec.get_integers("heldOutArticles", default=[])
    for article in articles:
        if article not in ARTICLES:
            spec.add_problem("heldOutArticles", f"holds {article}; the Declaration has the articles 1 to 30")
    return frozenset(articles)


def check_udhr_languages(spec: Spec, key: str, languages: Iterable[str]) -> None:
    """Adds a problem to `spec` for each language in which the Declaration is not available."""
    for language in languages:
        try:
            find_udhr_code(language)
        except InputError as error:
            spec.add_problem(key, f"has an invalid entry: {error}")


def check_unique_languages(spec: Spec, key: str, languages: Sequence[str]) -> None:
    """Adds a problem to `spec` for languages that are named more than once."""
    repeated = sorted({language for language in languages if languages.count(language) > 1})
    if repeated:
        spec.add_problem(key, f"names {', '.join(repeated)} more than once; name each language once")
