"""Texts of a row by column name: an exact name, or the path to a nested value with dots."""

from collections.abc import Iterator
from typing import Any


def get_column(row: Any, column: str) -> str:
    """Returns a text; an absent one (null) is empty. Raises LookupError with a description of the problem."""
    value = _find_value(row, column, column)
    if value is not None and not isinstance(value, str):
        raise LookupError(f"column {column} holds {type(value).__name__}; it must be text")
    return value or ""


def split_column(column: str) -> Iterator[tuple[str, str]]:
    """Yields the ways to read a name as a key and the path below it, the longest key first.

    The first has no path: a name with dots may be the name of one column.
    """
    keys = column.split(".")
    for end in range(len(keys), 0, -1):
        yield ".".join(keys[:end]), ".".join(keys[end:])


def _find_value(row: Any, path: str, column: str) -> Any:
    """Returns the value at `path`, which is a part of the whole name `column`. Below a null, everything is null."""
    if isinstance(row, dict):
        for key, rest in split_column(path):
            if key in row and (not rest or row[key] is None):
                return row[key]
            if isinstance(row.get(key), dict):
                return _find_value(row[key], rest, column)
    available = ", ".join(map(str, row)) if isinstance(row, dict) else type(row).__name__
    raise LookupError(f"column {column} is missing; available: {available}")
