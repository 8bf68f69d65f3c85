"""Reads <language>/{train,test}.tsv with the columns index_id, category and text: SIB-200's own layout.

The languages are in a folder with the benchmark's name, such as `sib200`; on the hub SIB-200 has them in `data`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_evaluate.tasks.benchmark_definitions import ClassificationBenchmark
from mixcpt_evaluate.tasks.benchmark_files import build_encoding_error, build_missing_language_error, check_item_count
from mixcpt_store.errors import InputError, is_os_error

if TYPE_CHECKING:
    import pandas

_TSV_COLUMNS = ["index_id", "category", "text"]


@dataclass(frozen=True)
class ClassificationData:
    """Tables with the columns category and text, indexed by index_id."""

    train: "pandas.DataFrame"
    test: "pandas.DataFrame"


def read_classification_data(benchmark: ClassificationBenchmark, folder: Path, language: str) -> ClassificationData:
    """Reads the train and test tables of a language from the benchmarks in `folder`.

    Raises InputError with the languages that exist when this one is missing, or with the file and line of what is
    wrong.
    """
    hub = folder / "data"
    languages = hub if hub.is_dir() else folder / benchmark.name
    directory = languages / language
    if not directory.is_dir():
        raise build_missing_language_error(directory, [path.name for path in languages.glob("*")])
    train, test = (_read_classification_table(directory / f"{split}.tsv", benchmark) for split in ("train", "test"))
    for split, table in (("train", train), ("test", test)):
        path = directory / f"{split}.tsv"
        check_item_count(benchmark, path, split, folder=folder, found=len(table), last_line=len(table) + 1)
    return ClassificationData(train, test)


def _read_classification_table(path: Path, benchmark: ClassificationBenchmark) -> "pandas.DataFrame":
    """Reads the table as the study does, with pandas' default quoting."""
    import pandas

    try:
        # The header is read first: pandas' error for a truncated header without rows names no column.
        header = pandas.read_csv(path, delimiter="\t", nrows=0).columns
        missing = [column for column in _TSV_COLUMNS if column not in header]
        if missing:
            columns = ", ".join(_TSV_COLUMNS)
            raise InputError(
                f"{path}: the column {missing[0]} is missing; the header must have {columns}, "
                "so the file may be truncated"
            )
        table = pandas.read_csv(path, delimiter="\t", index_col="index_id")
    except UnicodeDecodeError as error:
        raise build_encoding_error(path) from error
    except (OSError, ValueError) as error:
        if is_os_error(error):
            raise
        raise InputError(f"{path}{_describe_pandas_error(str(error))}") from error
    _check_rows(path, table, benchmark)
    return table


def _describe_pandas_error(problem: str) -> str:
    """Returns the rest of a message that begins with the path.

    For an open quote pandas gives the row, counted from 0 with the header.
    """
    opened = re.search(r"EOF inside string starting at row (\d+)", problem)
    if opened:
        return f", line {int(opened[1]) + 1}: a quoted text does not end; the file may be truncated"
    return f": {' '.join(problem.split())}"


def _check_rows(path: Path, table: "pandas.DataFrame", benchmark: ClassificationBenchmark) -> None:
    rows = zip(table.index, table["category"], table["text"], strict=True)
    for line, (index, category, text) in enumerate(rows, start=2):
        if not _is_whole_number(index):
            raise InputError(f"{path}, line {line}: index_id is {index!r}; it must be a whole number")
        if not isinstance(category, str) or not isinstance(text, str):
            raise InputError(f"{path}, line {line}: category or text is missing; the file may be truncated")
        if category not in benchmark.labels:
            allowed = ", ".join(benchmark.labels)
            raise InputError(f"{path}, line {line}: category is {category!r}; allowed in {benchmark.name}: {allowed}")


def _is_whole_number(index: str | float) -> bool:
    try:
        return int(index) == float(index)
    except (ValueError, TypeError):
        return False
