"""The file formats of a source. A new one is added here."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mixcpt_data.sources.lines import Lines, Piece, pieces
from mixcpt_data.storage.locations import Place, StoredFile
from mixcpt_store.errors import InputError, RetryableError, is_os_error

Texts = tuple[str, ...]
Group = tuple[Piece, ...]
_BATCH = 1000


@dataclass(frozen=True)
class Format:
    """`split` cuts files, one list per pattern, into groups that are read alone; `read` reads one group."""

    split: Callable[[Sequence[Sequence[StoredFile]]], list[Group]]
    read: Callable[[Place, Group, Texts], Iterator[Texts]]


def _by_pieces(files: Sequence[Sequence[StoredFile]]) -> list[Group]:
    return [(piece,) for matching in files for file in matching for piece in pieces(file)]


def _whole(files: Sequence[Sequence[StoredFile]]) -> list[Group]:
    return [(Piece(file, 0, file.bytes),) for matching in files for file in matching]


def _side_by_side(files: Sequence[Sequence[StoredFile]]) -> list[Group]:
    """The n-th file of each pattern belong together."""
    counts = [len(matching) for matching in files]
    if len(set(counts)) != 1:
        raise InputError(f"moses files must come in pairs; the patterns match {' and '.join(map(str, counts))} files")
    return [tuple(Piece(file, 0, file.bytes) for file in group) for group in zip(*files, strict=True)]


def _read_jsonl(place: Place, group: Group, columns: Texts) -> Iterator[Texts]:
    lines = Lines(place, group[0])
    for line in lines:
        try:
            value = json.loads(line)
            yield tuple(_value(value, column) for column in columns)
        except json.JSONDecodeError as error:
            where = f"{error.msg} at character {error.colno}"
            raise lines.error(f"is not JSON: {where}; it ends with {line[-40:]!r}") from error
        except LookupError as error:
            raise lines.error(str(error.args[0])) from error


def _read_tsv(place: Place, group: Group, columns: Texts) -> Iterator[Texts]:
    lines = Lines(place, group[0])
    wanted = [int(column) - 1 for column in columns]
    for line in lines:
        fields = line.split("\t")
        if len(fields) <= max(wanted):
            raise lines.error(f"has {len(fields)} columns; column {max(wanted) + 1} is wanted")
        yield tuple(fields[index] for index in wanted)


def _read_moses(place: Place, group: Group, _columns: Texts) -> Iterator[Texts]:
    sides = [Lines(place, piece) for piece in group]
    try:
        yield from zip(*sides, strict=True)
    except ValueError as error:
        names = " and ".join(place.describe(piece.file.name) for piece in group)
        raise InputError(
            f"{names} have different numbers of lines; line N of one must translate line N of the other"
        ) from error


def _read_parquet(place: Place, group: Group, columns: Texts) -> Iterator[Texts]:
    import pyarrow
    import pyarrow.parquet

    name = place.describe(group[0].file.name)
    with place.open(group[0].file.name) as raw:
        try:
            batches = pyarrow.parquet.ParquetFile(raw).iter_batches(_BATCH, columns=list(columns))
            for number, row in enumerate(row for batch in batches for row in batch.to_pylist()):
                try:
                    yield tuple(_value(row, column) for column in columns)
                except LookupError as error:
                    raise InputError(f"{name}, row {number + 1} {error.args[0]}") from error
        except (pyarrow.ArrowException, OSError) as error:
            if is_os_error(error):
                raise RetryableError(f"{name} cannot be read: {error}") from error
            raise InputError(f"{name} is no whole parquet file: {str(error).splitlines()[0]}") from error


def _value(row: Any, column: str) -> str:
    """Raises LookupError with what is wrong. An absent text (null) is empty."""
    value = row
    for key in column.split("."):
        if not isinstance(value, dict) or key not in value:
            there = ", ".join(value) if isinstance(value, dict) else type(value).__name__
            raise LookupError(f"has no column {column}; there: {there}")
        value = value[key]
    if value is not None and not isinstance(value, str):
        raise LookupError(f"has {type(value).__name__} in column {column}; it must be text")
    return value or ""


FORMATS: dict[str, Format] = {
    "jsonl": Format(_by_pieces, _read_jsonl),
    "tsv": Format(_by_pieces, _read_tsv),
    "moses": Format(_side_by_side, _read_moses),
    "parquet": Format(_whole, _read_parquet),
}
