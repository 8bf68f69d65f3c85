"""Reads {dev,devtest}/<language>.{dev,devtest}, line N alike in all languages: FLORES-200's own layout. And
FLORES+, as the hub has it."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_definitions import Translation
from mixcpt_evaluate.tasks.benchmark_files import read_lines, without_language
from mixcpt_evaluate.tasks.flores_plus import edition_of, flores_plus_path, read_flores_plus
from mixcpt_evaluate.tasks.item_counts import check_items
from mixcpt_store.errors import InputError

_Sentences = list[tuple[int, str]]


@dataclass(frozen=True)
class Translated:
    """Sentences of two languages, line by line."""

    source_dev: list[str]
    target_dev: list[str]
    source_test: list[str]
    target_test: list[str]


def read_translated(benchmark: Translation, benchmarks: Path, source: str, target: str) -> Translated:
    """Raises InputError for a missing language or files whose lines do not match."""
    root, path_of, read = (
        (benchmarks, flores_plus_path, read_flores_plus)
        if edition_of(benchmarks)
        else (benchmarks / benchmark.name, _path, _read)
    )
    sentences: list[list[str]] = []
    for split in ("dev", "devtest"):
        paths = [path_of(root / split, language) for language in (source, target)]
        for path in paths:
            _require(path)
        pair = _aligned(paths, [read(path) for path in paths])
        count = len(pair[0])
        check_items(benchmark, benchmarks, paths[0], split, found=count, last_line=count)
        sentences.extend(pair)
    return Translated(*sentences)


def _path(folder: Path, language: str) -> Path:
    return folder / f"{language}.{folder.name}"


def _read(path: Path) -> _Sentences:
    return [(number, line.strip()) for number, line in enumerate(read_lines(path), start=1)]


def _require(path: Path) -> None:
    if not path.is_file():
        raise without_language(path, [other.stem for other in path.parent.glob(f"*{path.suffix}")])


def _aligned(paths: list[Path], sentences: list[_Sentences]) -> tuple[list[str], list[str]]:
    first, second = sentences
    if len(first) != len(second):
        raise InputError(f"{paths[0]} has {len(first)} lines, {paths[1]} has {len(second)}; is one cut short?")
    if not first:
        raise InputError(f"{paths[0]} is empty")
    for line, ((one, _), (other, _)) in enumerate(zip(first, second, strict=True), start=1):
        if one != other:
            raise InputError(
                f"{paths[0]}, line {line} is sentence {one}, {paths[1]} has {other} there; "
                "line N of one must translate line N of the other"
            )
    return [text for _, text in first], [text for _, text in second]
