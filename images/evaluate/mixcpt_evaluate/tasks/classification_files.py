"""Reads <language>/{train,test}.tsv with the columns index_id, category and text: SIB-200's own layout.

The languages are in a folder with the benchmark's name, such as `sib200`; on the hub SIB-200 has them in `data`.
"""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_evaluate.tasks.benchmark_definitions import ClassificationBenchmark
from mixcpt_evaluate.tasks.benchmark_files import build_encoding_error, build_missing_language_error, check_item_count
from mixcpt_store.errors import InputError, is_os_error
from mixcpt_store.listing import list_matching
from mixcpt_store.presence import is_folder

if TYPE_CHECKING:
    import pandas

_TSV_COLUMNS = ["index_id", "category", "text"]
# Numbers that pandas reads as whole ones: 7, -7 and 7.0.
_WHOLE_NUMBER = re.compile(r"\s*([+-]?\d{1,18})(\.0*)?\s*", re.ASCII)


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
    languages = hub if is_folder(hub) else folder / benchmark.name
    directory = languages / language
    if not is_folder(directory):
        raise build_missing_language_error(directory, [path.name for path in list_matching(languages, "*")])
    tables = []
    for split in ("train", "test"):
        path = directory / f"{split}.tsv"
        table, lines = _read_classification_table(path, benchmark)
        count, last_line = len(table), lines[-1] if lines else 1
        check_item_count(
            benchmark, path, split, folder=folder, found=count, last_line=last_line, hint=_find_open_quote(table, lines)
        )
        tables.append(table)
    return ClassificationData(*tables)


def _read_classification_table(path: Path, benchmark: ClassificationBenchmark) -> tuple["pandas.DataFrame", list[int]]:
    """Returns the table, and the line in the file on which each of its rows begins.

    It is read as the study does, with pandas' default quoting. Every cell is a text: a label `None`, `NA` or `0` is
    not a missing value or a number.
    """
    import pandas

    try:
        # The header is read first: pandas' error for a truncated header without rows names no column.
        header = list(pandas.read_csv(path, delimiter="\t", nrows=0, dtype=str, keep_default_na=False).columns)
        _check_columns(path, header)
        scanned = _scan_row_lines(path, len(header))
        table = pandas.read_csv(path, delimiter="\t", dtype=str, keep_default_na=False, index_col=False)
    except UnicodeDecodeError as error:
        raise build_encoding_error(path) from error
    except (OSError, ValueError) as error:
        if is_os_error(error):
            raise
        raise InputError(f"{path}{_describe_pandas_error(str(error))}") from error
    # Where Python's reader finds other rows than pandas, each row counts as one line.
    lines = scanned if len(scanned) == len(table) else list(range(2, len(table) + 2))
    _check_rows(path, table, benchmark=benchmark, lines=lines)
    return table.assign(index_id=[_parse_index(text) or 0 for text in table["index_id"]]).set_index("index_id"), lines


def _check_columns(path: Path, header: list[str]) -> None:
    missing = [column for column in _TSV_COLUMNS if column not in header]
    if missing:
        raise InputError(
            f"{path}: the column {missing[0]} is missing; the header must have {', '.join(_TSV_COLUMNS)}, "
            "so the file may be truncated"
        )


def _scan_row_lines(path: Path, columns: int) -> list[int]:
    """Returns the line on which each row begins, as far as Python's own reader understands the file.

    Raises InputError for a row with more fields than the header: pandas drops the last one or moves all of them by
    one column.
    """
    reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter="\t")
    lines: list[int] = []
    start = 1
    try:
        for fields in reader:
            if len(fields) > columns:
                raise InputError(f"{path}, line {start}{_describe_extra_fields(len(fields), columns)}")
            if len(fields) > 1 or any(field.strip(" ") for field in fields):
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error:
        return []
    return lines[1:]


def _describe_extra_fields(found: object, columns: object) -> str:
    return f": has {found} fields; the header has {columns} columns, so a text may contain a tab"


def _describe_pandas_error(problem: str) -> str:
    """Returns the rest of a message that begins with the path.

    For an open quote pandas gives the row, counted from 0 with the header.
    """
    opened = re.search(r"EOF inside string starting at row (\d+)", problem)
    if opened:
        return f", line {int(opened[1]) + 1}: a quoted text does not end; the file may be truncated"
    fields = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", problem)
    if fields:
        return f", line {fields[2]}{_describe_extra_fields(fields[3], fields[1])}"
    return f": {' '.join(problem.split())}"


def _check_rows(path: Path, table: "pandas.DataFrame", *, benchmark: ClassificationBenchmark, lines: list[int]) -> None:
    columns = [table[column] for column in _TSV_COLUMNS]
    for line, row in zip(lines, zip(*columns, strict=True), strict=True):
        for column, cell in zip(_TSV_COLUMNS, row, strict=True):
            if not isinstance(cell, str) or not cell:
                raise InputError(f"{path}, line {line}: {column} is empty; the file may be truncated")
        index, category, _ = row
        if _parse_index(index) is None:
            raise InputError(f"{path}, line {line}: index_id is {index!r}; it must be a whole number")
        if category not in benchmark.labels:
            allowed = ", ".join(benchmark.labels)
            raise InputError(f"{path}, line {line}: category is {category!r}; allowed in {benchmark.name}: {allowed}")


def _parse_index(text: str) -> int | None:
    """Returns None for a text that is not a whole number."""
    match = _WHOLE_NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _find_open_quote(table: "pandas.DataFrame", lines: list[int]) -> str:
    """Returns a hint at the first quoted text that spans several lines, for a file with the wrong number of items."""
    spans = (line for line, text in zip(lines, table["text"], strict=True) if "\n" in text)
    line = next(spans, None)
    if line is None:
        return ""
    return (
        f"; the text on line {line} begins with a quote and spans several lines: enclose such a text in quotes and "
        "double the quotes inside it"
    )
