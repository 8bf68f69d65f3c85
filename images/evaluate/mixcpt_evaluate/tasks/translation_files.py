"""Reads parallel sentences in FLORES-200's own layout, or in that of FLORES+ on the hub.

The former is {dev,devtest}/<language>.{dev,devtest}, where line N of every language is the same sentence.
"""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_definitions import TranslationBenchmark
from mixcpt_evaluate.tasks.benchmark_files import (
    build_missing_language_error,
    check_item_count,
    get_item_count,
    read_lines,
)
from mixcpt_evaluate.tasks.flores_plus import get_flores_plus_path, read_flores_edition, read_flores_plus
from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_matching
from mixcpt_store.presence import is_file

# The id of each sentence with its text.
_NumberedSentences = list[tuple[int, str]]


@dataclass(frozen=True)
class TranslationData:
    """Sentences of two languages; those at the same index translate each other."""

    source_dev: list[str]
    target_dev: list[str]
    source_test: list[str]
    target_test: list[str]


def read_translation_data(
    benchmark: TranslationBenchmark, folder: Path, *, source: str, target: str
) -> TranslationData:
    """Reads two languages, named by their codes, from the benchmarks in `folder`.

    Raises InputError when a language is missing or the lines of the files do not match.
    """
    root, get_path, read_sentences = (
        (folder, get_flores_plus_path, read_flores_plus)
        if read_flores_edition(folder)
        else (folder / benchmark.name, _get_flores200_path, _read_flores200)
    )
    sentences: list[list[str]] = []
    for split in ("dev", "devtest"):
        paths = [get_path(root / split, language) for language in (source, target)]
        for path in paths:
            _require_file(path)
        wanted = get_item_count(benchmark, split, folder)
        pair = _align_sentences(paths, _drop_blank_ends([read_sentences(path) for path in paths], wanted))
        count = len(pair[0])
        check_item_count(benchmark, paths[0], split, folder=folder, found=count, last_line=count)
        sentences.extend(pair)
    return TranslationData(*sentences)


def _get_flores200_path(directory: Path, language: str) -> Path:
    return directory / f"{language}.{directory.name}"


def _read_flores200(path: Path) -> _NumberedSentences:
    return [(number, line.strip()) for number, line in enumerate(read_lines(path), start=1)]


def _require_file(path: Path) -> None:
    if not is_file(path):
        raise build_missing_language_error(
            path, [other.stem for other in list_matching(path.parent, f"*{path.suffix}")]
        )


def _drop_blank_ends(sentences: list[_NumberedSentences], wanted: int | None) -> list[_NumberedSentences]:
    """Drops blank lines at the end that exceed the number of sentences; `wanted` is None if it is unknown.

    An editor adds such lines. A blank line within that number is an empty sentence, as in the study.
    """
    count = min(len(side) for side in sentences)
    keep = count if wanted is None else min(count, wanted)
    return [_drop_blank_end(side, keep) for side in sentences]


def _drop_blank_end(sentences: _NumberedSentences, keep: int) -> _NumberedSentences:
    end = len(sentences)
    while end > keep and not sentences[end - 1][1]:
        end -= 1
    return sentences[:end]


def _align_sentences(paths: list[Path], sentences: list[_NumberedSentences]) -> tuple[list[str], list[str]]:
    first, second = sentences
    if len(first) != len(second):
        raise InputError(
            f"{paths[0]}: has {len(first)} lines, but {paths[1]} has {len(second)}; one of them may be truncated"
        )
    if not first:
        raise InputError(f"{paths[0]}: is empty")
    for line, ((one, _), (other, _)) in enumerate(zip(first, second, strict=True), start=1):
        if one != other:
            raise InputError(
                f"{paths[0]}, line {line}: is sentence {one}, but {paths[1]} has sentence {other} there; "
                "line N of one file must translate line N of the other"
            )
    return [text for _, text in first], [text for _, text in second]
