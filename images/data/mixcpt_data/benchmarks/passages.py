"""Cuts held-out articles into passages that have the same meaning in every language."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.sources.udhr import UDHR_DIRECTORY, read_declaration
from mixcpt_data.sources.udhr_codes import UDHR_CODES


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a whole article as paragraph 1. Both numbers count from 1."""

    article: int
    paragraph: int

    @property
    def index_id(self) -> int:
        """article * 10 + paragraph, the same in all languages."""
        return self.article * 10 + self.paragraph


def list_passages(articles: Iterable[int], directory: Path = UDHR_DIRECTORY) -> list[Passage]:
    """Returns one passage per paragraph, or one per article (paragraph 1) when some translation divides it differently.

    All available languages are compared, not only the requested ones: adding a language never changes the passages.
    """
    passages: list[Passage] = []
    for article in sorted(articles):
        counts = {len(read_declaration(language, directory).articles[article]) for language in UDHR_CODES}
        paragraphs = counts.pop() if len(counts) == 1 else 1
        passages += [Passage(article, paragraph) for paragraph in range(1, paragraphs + 1)]
    return passages


def read_passage_texts(language: str, passages: list[Passage], directory: Path = UDHR_DIRECTORY) -> list[str]:
    """Returns the texts in the given order. The only passage of an article has the text of the whole article."""
    declaration = read_declaration(language, directory)
    undivided = {article for article in declaration.articles if sum(item.article == article for item in passages) == 1}
    return [
        declaration.join_article(item.article)
        if item.article in undivided
        else declaration.articles[item.article][item.paragraph - 1]
        for item in passages
    ]
