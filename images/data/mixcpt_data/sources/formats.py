"""The file formats that a source may have. Add a new format to FILE_FORMATS."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mixcpt_data.sources.lines import FileRange, LineReader, split_into_ranges, take_whole_file
from mixcpt_data.storage.locations import StorageLocation, StoredFile
from mixcpt_store.errors import InputError, RetryableError, is_os_error

RowTexts = tuple[str, ...]
Columns = tuple[str, ...]
FileGroup = tuple[FileRange, ...]
"""File ranges that are read together: one, or one per language for moses files."""

_PARQUET_BATCH_ROWS = 1000


@dataclass(frozen=True)
class FileFormat:
    """`split` divides files (one list per pattern) into groups that are read independently; `read` reads one group."""

    split: Callable[[Sequence[Sequence[StoredFile]]], list[FileGroup]]
    read: Callable[[StorageLocation, FileGroup, Columns], Iterator[RowTexts]]


def _split_by_range(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    return [(file_range,) for matches in files for file in matches for file_range in split_into_ranges(file)]


def _split_by_file(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    return [(take_whole_file(file),) for matches in files for file in matches]


def _pair_files(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    """Groups the n-th files of all patterns."""
    counts = [len(matches) for matches in files]
    if len(set(counts)) != 1:
        matched = " and ".join(map(str, counts))
        raise InputError(f"moses files must come in pairs; the patterns match {matched} files")
    return [tuple(take_whole_file(file) for file in group) for group in zip(*files, strict=True)]


def _read_jsonl_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    lines = LineReader(location, group[0])
    for line in lines:
        try:
            value = json.loads(line)
            yield tuple(_get_column(value, column) for column in columns)
        except json.JSONDecodeError as error:
            problem = f"{error.msg} at character {error.colno}"
            raise lines.build_error(f"not JSON: {problem}; the line ends with {line[-40:]!r}") from error
        except LookupError as error:
            raise lines.build_error(str(error.args[0])) from error


def _read_tsv_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    lines = LineReader(location, group[0])
    indices = [int(column) - 1 for column in columns]
    for line in lines:
        fields = line.split("\t")
        if len(fields) <= max(indices):
            raise lines.build_error(f"the number of columns is {len(fields)}, but column {max(indices) + 1} is needed")
        yield tuple(fields[index] for index in indices)


def _read_moses_rows(location: StorageLocation, group: FileGroup, _columns: Columns) -> Iterator[RowTexts]:
    sides = [LineReader(location, file_range) for file_range in group]
    try:
        yield from zip(*sides, strict=True)
    except ValueError as error:
        names = " and ".join(location.describe_file(file_range.file.name) for file_range in group)
        raise InputError(
            f"{names}: the numbers of lines differ; line N of one must translate line N of the other"
        ) from error


def _read_parquet_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    import pyarrow
    import pyarrow.parquet

    name = location.describe_file(group[0].file.name)
    with location.open_file(group[0].file.name) as raw:
        try:
            batches = pyarrow.parquet.ParquetFile(raw).iter_batches(_PARQUET_BATCH_ROWS, columns=list(columns))
            for number, row in enumerate(row for batch in batches for row in batch.to_pylist()):
                try:
                    yield tuple(_get_column(row, column) for column in columns)
                except LookupError as error:
                    raise InputError(f"{name}, row {number + 1}: {error.args[0]}") from error
        except (pyarrow.ArrowException, OSError) as error:
            if is_os_error(error):
                raise RetryableError(f"{name}: cannot be read: {error}") from error
            problem = str(error).splitlines()[0]
            raise InputError(f"{name}: not a complete parquet file: {problem}") from error


def _get_column(row: Any, column: str) -> str:
    """Returns a text; an absent one (null) is empty. Raises LookupError with a description of the problem."""
    value = row
    for key in column.split("."):
        if not isinstance(value, dict) or key not in value:
            available = ", ".join(value) if isinstance(value, dict) else type(value).__name__
            raise LookupError(f"column {column} is missing; available: {available}")
        value = value[key]
    if value is not None and not isinstance(value, str):
        raise LookupError(f"column {column} holds {type(value).__name__}; it must be text")
    return value or ""


FILE_FORMATS: dict[str, FileFormat] = {
    "jsonl": FileFormat(_split_by_range, _read_jsonl_rows),
    "tsv": FileFormat(_split_by_range, _read_tsv_rows),
    "moses": FileFormat(_pair_files, _read_moses_rows),
    "parquet": FileFormat(_split_by_file, _read_parquet_rows),
}
