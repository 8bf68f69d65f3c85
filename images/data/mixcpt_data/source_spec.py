"""From an entry of `sources` in a spec to the source it means. A new kind of source is added here."""

from collections.abc import Callable, Iterable

from mixcpt_data.python_code_source import PythonCodeSource
from mixcpt_data.source import Source
from mixcpt_data.udhr import ARTICLES
from mixcpt_data.udhr_codes import udhr_code
from mixcpt_data.udhr_pairs_source import UdhrPairsSource
from mixcpt_data.udhr_source import UdhrSource
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def read_source(spec: Spec) -> Source:
    """Problems are noted in `spec`; what is returned then must not be used."""
    kind = spec.text("kind", allowed=tuple(_READERS))
    return _READERS.get(kind, _udhr)(spec)


def held_out_articles(spec: Spec) -> frozenset[int]:
    articles = spec.integers("heldOutArticles", default=[])
    for article in articles:
        if article not in ARTICLES:
            spec.problem("heldOutArticles", f"holds {article}; the Declaration has the articles 1 to 30")
    return frozenset(articles)


def check_languages(spec: Spec, key: str, languages: Iterable[str]) -> None:
    for language in languages:
        try:
            udhr_code(language)
        except InputError as error:
            spec.problem(key, f": {error}")


def _udhr(spec: Spec) -> Source:
    languages = spec.texts("languages")
    check_languages(spec, "languages", languages)
    return UdhrSource(tuple(languages), held_out_articles(spec))


def _udhr_pairs(spec: Spec) -> Source:
    pairs = spec.text_pairs("pairs")
    check_languages(spec, "pairs", [language for pair in pairs for language in pair])
    return UdhrPairsSource(tuple(pairs), held_out_articles(spec))


def _python_code(spec: Spec) -> Source:
    return PythonCodeSource(spec.number("megabytes"))


_READERS: dict[str, Callable[[Spec], Source]] = {
    "udhr": _udhr,
    "udhr-pairs": _udhr_pairs,
    "python-code": _python_code,
}
