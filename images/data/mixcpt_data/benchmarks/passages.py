"""Cuts held-out articles into passages that mean the same in every language."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mixcpt_data.sources.udhr import UDHR_DIRECTORY, read_declaration
from mixcpt_data.sources.udhr_codes import UDHR_CODES


@dataclass(frozen=True)
class Passage:
    """`identity` is article * 10 + paragraph: the same passage has the same identity in all languages."""

    article: int
    paragraph: int

    @property
    def identity(self) -> int:
        return self.article * 10 + self.paragraph


def passages(articles: Iterable[int], directory: Path = UDHR_DIRECTORY) -> list[Passage]:
    """One passage per paragraph; one per article (paragraph 1) where some translation divides it differently.

    All languages of the study decide, not only those asked for: adding a language never moves an item.
    """
    found: list[Passage] = []
    for article in sorted(articles):
        counts = {len(read_declaration(language, directory).articles[article]) for language in UDHR_CODES}
        paragraphs = counts.pop() if len(counts) == 1 else 1
        found += [Passage(article, paragraph) for paragraph in range(1, paragraphs + 1)]
    return found


def passage_texts(language: str, wanted: list[Passage], directory: Path = UDHR_DIRECTORY) -> list[str]:
    """The passages' texts in their order; a passage that is alone in its article has the whole article."""
    declaration = read_declaration(language, directory)
    alone = {article for article in declaration.articles if sum(item.article == article for item in wanted) == 1}
    return [
        declaration.text_of(item.article)
        if item.article in alone
        else declaration.articles[item.article][item.paragraph - 1]
        for item in wanted
    ]
