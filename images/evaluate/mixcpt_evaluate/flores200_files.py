"""Reads FLORES-200's own layout: {dev,devtest}/<language>.{dev,devtest}, line N alike in all languages."""

from dataclasses import dataclass
from pathlib import Path

from mixcpt_evaluate.item_counts import check_items
from mixcpt_store.errors import InputError


@dataclass(frozen=True)
class Flores200Data:
    """Sentences of two languages, line by line."""

    source_dev: list[str]
    target_dev: list[str]
    source_test: list[str]
    target_test: list[str]


def read_flores200(benchmarks: Path, source: str, target: str) -> Flores200Data:
    """Raises InputError for a missing language or files whose lines do not match."""
    folder = benchmarks / "flores200"
    dev = _aligned(folder / "dev", source, target)
    test = _aligned(folder / "devtest", source, target)
    check_items(benchmarks, folder / "dev" / f"{source}.dev", len(dev[0]))
    check_items(benchmarks, folder / "devtest" / f"{source}.devtest", len(test[0]))
    return Flores200Data(*dev, *test)


def _aligned(folder: Path, source: str, target: str) -> tuple[list[str], list[str]]:
    paths = [folder / f"{language}.{folder.name}" for language in (source, target)]
    first, second = (_lines(path) for path in paths)
    if len(first) != len(second):
        raise InputError(
            f"{paths[0]} has {len(first)} lines, {paths[1]} has {len(second)}; is one cut short?"
        )
    if not first:
        raise InputError(f"{paths[0]} is empty")
    return first, second


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        there = ", ".join(sorted(other.stem for other in path.parent.glob(f"*{path.suffix}"))) or "none"
        raise InputError(f"{path} does not exist; languages of this benchmark: {there}")
    with path.open(encoding="utf-8") as file:
        return [line.strip() for line in file]
