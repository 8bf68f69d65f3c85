"""The file formats that a source may have. Add a new format to FILE_FORMATS."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from mixcpt_data.sources.columns import get_column
from mixcpt_data.sources.file_pairs import pair_files_by_name
from mixcpt_data.sources.lines import FileRange, LineReader, split_into_ranges, take_whole_file
from mixcpt_data.sources.parquet import read_parquet_rows
from mixcpt_data.storage.locations import StorageLocation, StoredFile
from mixcpt_store.errors import InputError

RowTexts = tuple[str, ...]
Columns = tuple[str, ...]
FileGroup = tuple[FileRange, ...]
"""File ranges that are read together: one, or one per language for moses files."""


@dataclass(frozen=True)
class FileFormat:
    """`split` divides files (one list per pattern) into groups that are read independently; `read` reads one group.

    `arrange` gets the patterns and the files of each, and returns the files in the order in which `split` needs them.
    """

    split: Callable[[Sequence[Sequence[StoredFile]]], list[FileGroup]]
    read: Callable[[StorageLocation, FileGroup, Columns], Iterator[RowTexts]]
    arrange: Callable[[Sequence[str], Sequence[Sequence[StoredFile]]], Sequence[Sequence[StoredFile]]] = (
        lambda _patterns, files: files
    )


def _split_by_range(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    return [(file_range,) for matches in files for file in matches for file_range in split_into_ranges(file)]


def _split_by_file(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    return [(take_whole_file(file),) for matches in files for file in matches]


def _pair_files(files: Sequence[Sequence[StoredFile]]) -> list[FileGroup]:
    """Groups the n-th files of all patterns."""
    return [tuple(take_whole_file(file) for file in group) for group in zip(*files, strict=True)]


def _read_jsonl_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    """Yields a row per line; a blank line is none."""
    lines = LineReader(location, group[0])
    for line in lines:
        if not line or line.isspace():
            continue
        try:
            value = _parse_json(line)
            yield tuple(get_column(value, column) for column in columns)
        except json.JSONDecodeError as error:
            problem = f"{error.msg} at character {error.colno}"
            raise lines.build_error(f"not JSON: {problem}; the line ends with {line[-40:]!r}") from error
        except RecursionError as error:
            raise lines.build_error("not readable as JSON: lists or objects are nested too deeply") from error
        except LookupError as error:
            raise lines.build_error(str(error.args[0])) from error


def _parse_json(line: str) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # Python refuses to convert numbers of more than 4300 digits. No text column holds one.
        return json.loads(line, parse_int=float)


def _read_tsv_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    lines = LineReader(location, group[0])
    indices = [int(column) - 1 for column in columns]
    for line in lines:
        # A blank line is an empty text where one column is read, and nothing where pairs are.
        if not line and max(indices):
            continue
        fields = line.split("\t")
        if len(fields) <= max(indices):
            raise lines.build_error(f"the number of columns is {len(fields)}, but column {max(indices) + 1} is needed")
        yield tuple(fields[index] for index in indices)


def _read_moses_rows(location: StorageLocation, group: FileGroup, _columns: Columns) -> Iterator[RowTexts]:
    sides = [LineReader(location, file_range) for file_range in group]
    rows = zip_longest(*sides)
    for texts in rows:
        if None in texts:
            _count_remaining(rows)
            names = " and ".join(location.describe_file(file_range.file.name) for file_range in group)
            counts = " and ".join(str(side.lines_read) for side in sides)
            raise InputError(
                f"{names}: the numbers of lines differ: {counts}; line N of one must translate line N of the other"
            )
        yield texts


def _count_remaining(rows: Iterator[object]) -> int:
    return sum(1 for _ in rows)


def _read_parquet_rows(location: StorageLocation, group: FileGroup, columns: Columns) -> Iterator[RowTexts]:
    return read_parquet_rows(location, group[0].file, columns)


FILE_FORMATS: dict[str, FileFormat] = {
    "jsonl": FileFormat(_split_by_range, _read_jsonl_rows),
    "tsv": FileFormat(_split_by_range, _read_tsv_rows),
    "moses": FileFormat(_pair_files, _read_moses_rows, pair_files_by_name),
    "parquet": FileFormat(_split_by_file, _read_parquet_rows),
}
