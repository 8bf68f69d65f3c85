"""From an entry of `sources` in a spec to the source it means. A new kind of source is added here."""

from collections.abc import Callable, Iterable

from mixcpt_data.mixture.selection import Ingredient, Selection
from mixcpt_data.sources.corpus_source import CorpusSource
from mixcpt_data.sources.formats import FORMATS
from mixcpt_data.sources.python_code_source import PythonCodeSource
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.udhr import ARTICLES
from mixcpt_data.sources.udhr_codes import udhr_code
from mixcpt_data.sources.udhr_pairs_source import UdhrPairsSource
from mixcpt_data.sources.udhr_source import UdhrSource
from mixcpt_data.storage.hub_repository import COMMIT_DIGITS, HubRepository
from mixcpt_data.storage.locations import Directory, Place
from mixcpt_store.errors import InputError
from mixcpt_store.languages import LANGUAGE_NAMES, describe_unknown_language
from mixcpt_store.spec import Spec

_DEFAULT_COLUMNS = {"tsv": ("1", "2"), "moses": ("", ""), "jsonl": ("text",), "parquet": ("text",)}


def read_ingredient(spec: Spec) -> Ingredient:
    """Problems are noted in `spec`; what is returned then must not be used."""
    kind = spec.get_text("kind", allowed=tuple(_READERS))
    if kind not in _READERS:
        return Ingredient(UdhrSource((), frozenset()), Selection(kind))
    source = _READERS[kind](spec)
    languages = source.languages if isinstance(source, CorpusSource) else ()
    return Ingredient(source, _selection(spec, kind, languages), languages)


def held_out_articles(spec: Spec) -> frozenset[int]:
    articles = spec.get_integers("heldOutArticles", default=[])
    for article in articles:
        if article not in ARTICLES:
            spec.add_problem("heldOutArticles", f"holds {article}; the Declaration has the articles 1 to 30")
    return frozenset(articles)


def check_languages(spec: Spec, key: str, languages: Iterable[str]) -> None:
    for language in languages:
        try:
            udhr_code(language)
        except InputError as error:
            spec.add_problem(key, f": {error}")


def read_repository(spec: Spec, kind: str) -> HubRepository:
    revision = spec.get_text("revision")
    if len(revision) != COMMIT_DIGITS or set(revision) - set("0123456789abcdef"):
        spec.add_problem("revision", f"is {revision!r}; it must be a commit of {COMMIT_DIGITS} hex digits")
    return HubRepository(kind, spec.get_text("repository"), revision)


def _selection(spec: Spec, kind: str, languages: tuple[str, ...]) -> Selection:
    fraction = spec.get_number("fraction", default=1.0)
    if not 0 < fraction <= 1:
        spec.add_problem("fraction", f"is {fraction}; it must be above 0 and at most 1")
    model = spec.get_optional_text("languageModel")
    if model and not languages:
        spec.add_problem("languageModel", "makes no sense for a source that has no `languages`")
    tokens = spec.get_optional_integer("tokens", minimum=1)
    return Selection(spec.get_text("name", default=kind), fraction, model, tokens)


def _udhr(spec: Spec) -> Source:
    languages = spec.get_texts("languages")
    check_languages(spec, "languages", languages)
    return UdhrSource(tuple(languages), held_out_articles(spec))


def _udhr_pairs(spec: Spec) -> Source:
    pairs = spec.get_text_pairs("pairs")
    check_languages(spec, "pairs", [language for pair in pairs for language in pair])
    return UdhrPairsSource(tuple(pairs), held_out_articles(spec))


def _python_code(spec: Spec) -> Source:
    return PythonCodeSource(spec.get_number("megabytes"))


def _files(spec: Spec) -> Source:
    return _corpus(spec, Directory(spec.get_path("directory")))


def _hub(spec: Spec) -> Source:
    return _corpus(spec, read_repository(spec, "dataset"))


def _corpus(spec: Spec, place: Place) -> Source:
    languages = _languages(spec)
    file_format = spec.get_text("format", allowed=tuple(FORMATS))
    patterns = spec.get_texts("files")
    if not patterns:
        spec.add_problem("files", "is empty; name at least one pattern")
    if file_format == "moses" and (len(patterns) != 2 or len(languages) != 2):
        spec.add_problem("files", "of format moses needs two patterns and two languages, in the same order")
    escaped = spec.get_flag("escapedNewlines", default=False)
    columns = _columns(spec, file_format, languages)
    return CorpusSource(place, tuple(patterns), file_format, columns, languages, escaped)


def _languages(spec: Spec) -> tuple[str, ...]:
    languages = spec.get_texts("languages")
    for language in languages:
        if language not in LANGUAGE_NAMES:
            spec.add_problem("languages", f": {describe_unknown_language(language)}")
    if len(languages) > 2 or len(set(languages)) < len(languages):
        spec.add_problem("languages", f"is {languages}; one for text, two different ones for pairs, none for code")
    return tuple(languages)


def _columns(spec: Spec, file_format: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    wanted = max(len(languages), 1)
    default = _DEFAULT_COLUMNS.get(file_format, ())[:wanted]
    columns = tuple(spec.get_texts("columns", default=list(default)))
    if len(columns) != wanted:
        spec.add_problem("columns", f"is {list(columns)}; it must name {wanted}, a text per language")
    if file_format == "tsv" and not all(column.isdigit() and int(column) for column in columns):
        spec.add_problem("columns", f'is {list(columns)}; columns of tsv are numbers in quotes, from "1"')
    return columns


_READERS: dict[str, Callable[[Spec], Source]] = {
    "udhr": _udhr,
    "udhr-pairs": _udhr_pairs,
    "python-code": _python_code,
    "files": _files,
    "hf": _hub,
}
