"""Reads a source from an entry of `sources` in a spec. Add a new kind of source to SOURCE_READERS."""

import re
from collections.abc import Callable

from mixcpt_data.sources.corpus_source import CorpusSource
from mixcpt_data.sources.formats import FILE_FORMATS
from mixcpt_data.sources.python_code_source import PythonCodeSource
from mixcpt_data.sources.source import Source
from mixcpt_data.sources.udhr_sources import UdhrPairsSource, UdhrSource, check_udhr_languages, read_held_out_articles
from mixcpt_data.storage.hub_repository import read_hub_repository
from mixcpt_data.storage.locations import StorageLocation, StoreDirectory
from mixcpt_store.languages import check_language_codes
from mixcpt_store.spec import Spec

_COLUMN_NUMBER = re.compile("0*[1-9][0-9]{0,5}")
_DEFAULT_COLUMNS = {"tsv": ("1", "2"), "moses": ("", ""), "jsonl": ("text",), "parquet": ("text",)}


def read_source(spec: Spec) -> Source | None:
    """Adds problems to `spec`; a source with problems must not be used. Returns None for an unknown kind."""
    kind = spec.get_text("kind", allowed=tuple(SOURCE_READERS))
    return SOURCE_READERS[kind](spec) if kind in SOURCE_READERS else None


def _read_udhr_source(spec: Spec) -> Source:
    languages = spec.get_texts("languages")
    check_udhr_languages(spec, "languages", languages)
    return UdhrSource(tuple(languages), read_held_out_articles(spec))


def _read_udhr_pairs_source(spec: Spec) -> Source:
    pairs = spec.get_text_pairs("pairs")
    check_udhr_languages(spec, "pairs", [language for pair in pairs for language in pair])
    return UdhrPairsSource(tuple(pairs), read_held_out_articles(spec))


def _read_python_code_source(spec: Spec) -> Source:
    megabytes = spec.get_number("megabytes")
    if megabytes <= 0:
        spec.add_problem("megabytes", f"is {megabytes}; it must be above 0")
    return PythonCodeSource(megabytes)


def _read_files_source(spec: Spec) -> Source:
    return _read_corpus_source(spec, StoreDirectory(spec.get_path("directory")))


def _read_hub_source(spec: Spec) -> Source:
    return _read_corpus_source(spec, read_hub_repository(spec, "dataset"))


def _read_corpus_source(spec: Spec, location: StorageLocation) -> Source:
    languages = _read_languages(spec)
    file_format = spec.get_text("format", allowed=tuple(FILE_FORMATS))
    patterns = spec.get_texts("files")
    if not patterns:
        spec.add_problem("files", "is empty; name at least one pattern")
    if file_format == "moses" and (len(patterns) != 2 or len(languages) != 2):
        spec.add_problem("files", f"is {patterns}; format moses needs two patterns and two languages in the same order")
    escaped = spec.get_flag("escapedNewlines", default=False)
    columns = _read_columns(spec, file_format, languages)
    return CorpusSource(location, tuple(patterns), file_format, columns, languages, escaped)


def _read_languages(spec: Spec) -> tuple[str, ...]:
    languages = spec.get_texts("languages")
    check_language_codes(spec, "languages", languages)
    if len(languages) > 2 or len(set(languages)) < len(languages):
        allowed = "one for text, two different ones for pairs, none for code"
        spec.add_problem("languages", f"is {languages}; allowed: {allowed}")
    return tuple(languages)


def _read_columns(spec: Spec, file_format: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    count = max(len(languages), 1)
    default = _DEFAULT_COLUMNS.get(file_format, ())[:count]
    columns = tuple(spec.get_texts("columns", default=list(default)))
    if len(columns) != count:
        spec.add_problem("columns", f"is {list(columns)}; it must name {count}, one per text")
    if file_format == "tsv" and not all(map(_COLUMN_NUMBER.fullmatch, columns)):
        spec.add_problem("columns", f'is {list(columns)}; columns of tsv are numbers in quotes, starting at "1"')
    return columns


SOURCE_READERS: dict[str, Callable[[Spec], Source]] = {
    "udhr": _read_udhr_source,
    "udhr-pairs": _read_udhr_pairs_source,
    "python-code": _read_python_code_source,
    "files": _read_files_source,
    "hf": _read_hub_source,
}
