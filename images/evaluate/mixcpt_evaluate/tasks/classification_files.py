"""Reads <language>/{train,test}.tsv with the columns index_id, category, text: SIB-200's own layout.

The benchmark's own folder has the languages, such as `sib200`; on the hub SIB-200 has `data`.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_evaluate.tasks.benchmark_definitions import Classification
from mixcpt_evaluate.tasks.benchmark_files import not_utf8, without_language
from mixcpt_evaluate.tasks.item_counts import check_items
from mixcpt_store.errors import InputError, is_os_error

if TYPE_CHECKING:
    import pandas

_COLUMNS = ["index_id", "category", "text"]


@dataclass(frozen=True)
class Classified:
    train: "pandas.DataFrame"
    test: "pandas.DataFrame"


def read_classified(benchmark: Classification, benchmarks: Path, language: str) -> Classified:
    """Raises InputError for a language that the benchmark lacks, or with file and line of what is wrong."""
    hub = benchmarks / "data"
    languages = hub if hub.is_dir() else benchmarks / benchmark.name
    folder = languages / language
    if not folder.is_dir():
        raise without_language(folder, [path.name for path in languages.glob("*")])
    train, test = (_read(folder / f"{split}.tsv", benchmark) for split in ("train", "test"))
    for split, table in (("train", train), ("test", test)):
        path = folder / f"{split}.tsv"
        check_items(benchmark, benchmarks, path, split, found=len(table), last_line=len(table) + 1)
    return Classified(train, test)


def _read(path: Path, benchmark: Classification) -> "pandas.DataFrame":
    """As the study reads it: pandas' default quoting."""
    import pandas

    try:
        # The header by itself: pandas fails in its own way on one that is cut and has no rows.
        header = pandas.read_csv(path, delimiter="\t", nrows=0).columns
        missing = [column for column in _COLUMNS if column not in header]
        if missing:
            columns = ", ".join(_COLUMNS)
            raise InputError(f"{path} lacks the column {missing[0]}; it must have {columns}. Is the file cut short?")
        table = pandas.read_csv(path, delimiter="\t", index_col="index_id")
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error
    except (OSError, ValueError) as error:
        if is_os_error(error):
            raise
        raise InputError(f"{path}{_where(str(error))}") from error
    _check_rows(path, table, benchmark)
    return table


def _where(problem: str) -> str:
    """Pandas counts the rows of an open quote from 0, with the header."""
    opened = re.search(r"EOF inside string starting at row (\d+)", problem)
    if opened:
        return f", line {int(opened[1]) + 1}: a quoted text has no end; is the file cut short?"
    return f": {' '.join(problem.split())}"


def _check_rows(path: Path, table: "pandas.DataFrame", benchmark: Classification) -> None:
    rows = zip(table.index, table["category"], table["text"], strict=True)
    for line, (index, category, text) in enumerate(rows, start=2):
        if not _is_number(index):
            raise InputError(f"{path}, line {line}: index_id is {index!r}; it must be a whole number")
        if not isinstance(category, str) or not isinstance(text, str):
            raise InputError(f"{path}, line {line}: category or text is missing; is the file cut short?")
        if category not in benchmark.labels:
            allowed = ", ".join(benchmark.labels)
            raise InputError(f"{path}, line {line}: category is {category!r}; {benchmark.name} has {allowed}")


def _is_number(index: object) -> bool:
    try:
        return int(index) == float(index)  # type: ignore[call-overload,arg-type]
    except (ValueError, TypeError):
        return False
