"""Reading and checks that the files of all benchmarks share, in their own layout and in that of the hub."""

import json
from pathlib import Path
from typing import Any

from mixcpt_evaluate.tasks.benchmark_definitions import ClassificationBenchmark, TranslationBenchmark
from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError


def read_marker(folder: Path) -> dict[str, Any]:
    """Returns the content of the folder's COMPLETE marker; empty when the files were copied there by hand.

    Raises OSError for a marker that cannot be read now: its commit is in signatures, its counts find truncated files.
    """
    try:
        value = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def read_lines(path: Path) -> list[str]:
    """Returns the lines with their line ends and without a byte order mark.

    Raises InputError when the file is not UTF-8, as when it was truncated inside a character.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            return list(file)
    except UnicodeDecodeError as error:
        raise build_encoding_error(path) from error


def check_item_count(
    benchmark: ClassificationBenchmark | TranslationBenchmark,
    path: Path,
    split: str,
    *,
    folder: Path,
    found: int,
    last_line: int,
    hint: str = "",
) -> None:
    """Raises InputError when `path`, a file of the benchmarks in `folder`, has the wrong number of items.

    A split whose number is not known may have any, but at least one. `hint` is added to the message.
    """
    wanted = get_item_count(benchmark, split, folder)
    if wanted is not None and found != wanted:
        raise InputError(
            f"{path}: has {found} items, the last on line {last_line}; "
            f"the {split} split of {benchmark.name} has {wanted}, so the file may be truncated{hint}"
        )
    if not found:
        raise InputError(f"{path}: has no items; the {split} split of {benchmark.name} needs at least one")


def get_item_count(benchmark: ClassificationBenchmark | TranslationBenchmark, split: str, folder: Path) -> int | None:
    """Returns the number of items in the folder's COMPLETE marker, or else the benchmark's own; None if unknown.

    Raises InputError when the marker holds anything other than a whole number.
    """
    recorded = read_marker(folder).get(benchmark.name)
    counts = {**benchmark.item_counts, **(recorded if isinstance(recorded, dict) else {})}
    count = counts.get(split)
    if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
        raise InputError(
            f"{folder / MARKER}: the number of items of {benchmark.name}, {split}, is {count!r}; "
            "it must be a whole number"
        )
    return count


def build_missing_language_error(path: Path, languages: list[str]) -> InputError:
    """Returns the error for a language whose file `path` is missing; `languages` are those that exist."""
    existing = ", ".join(sorted(languages)) or "none"
    return InputError(f"{path}: does not exist; languages of this benchmark: {existing}")


def build_encoding_error(path: Path) -> InputError:
    """Returns the error for a file that is not UTF-8, with its first such line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                cut = error.reason == "unexpected end of data"
                advice = "the file may be truncated" if cut else "save the file as UTF-8"
                return InputError(f"{path}, line {number}: not UTF-8 ({error.reason}); {advice}")
    return InputError(f"{path}: not UTF-8")
