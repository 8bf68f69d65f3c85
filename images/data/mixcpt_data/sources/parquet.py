"""Rows of parquet files, of which only the needed columns are read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mixcpt_data.sources.columns import get_column, split_column
from mixcpt_data.sources.wrong_content import describe_wrong_content
from mixcpt_data.storage.locations import StorageLocation, StoredFile
from mixcpt_store.errors import InputError, RetryableError, is_os_error

_BATCH_ROWS = 1000
# Errors of the library's conversions to Python for damaged content, in addition to its own.
_CONVERSION_ERRORS = (ValueError, TypeError, OverflowError, LookupError)


def read_parquet_rows(location: StorageLocation, file: StoredFile, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Raises InputError with the row for a wrong value, or with the columns of the file when one is missing."""
    name = location.describe_file(file.name)
    for number, row in enumerate(_read_rows(location, file, columns), start=1):
        try:
            yield tuple(get_column(row, column) for column in columns)
        except LookupError as error:
            raise InputError(f"{name}, row {number}: {error.args[0]}") from error


def _read_rows(location: StorageLocation, file: StoredFile, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    import pyarrow
    import pyarrow.parquet

    name = location.describe_file(file.name)
    with location.open_file(file) as raw:
        try:
            table = pyarrow.parquet.ParquetFile(raw)
            _check_columns(name, table.schema_arrow, columns)
            for batch in table.iter_batches(_BATCH_ROWS, columns=list(columns)):
                yield from batch.to_pylist()
        except (pyarrow.ArrowException, OSError, *_CONVERSION_ERRORS) as error:
            if is_os_error(error):
                raise RetryableError(f"{name}: cannot be read: {error}") from error
            problem = next(iter(str(error).splitlines()), type(error).__name__)
            hint = describe_wrong_content(location, file)
            raise InputError(f"{name}: not a complete parquet file: {problem}{hint}") from error


def _check_columns(name: str, schema: Any, columns: Sequence[str]) -> None:
    """Raises InputError for a column that is neither at the top nor nested in a struct."""
    for column in columns:
        if not _has_column(schema, column):
            raise InputError(f"{name}: column {column} is missing; available: {', '.join(schema.names) or 'none'}")


def _has_column(fields: Iterable[Any], column: str) -> bool:
    types = {field.name: field.type for field in fields}
    keys = [(key, path) for key, path in split_column(column) if key in types]
    return any(not path or _has_column(_list_nested_fields(types[key]), path) for key, path in keys)


def _list_nested_fields(column_type: Any) -> list[Any]:
    import pyarrow

    is_struct = isinstance(column_type, pyarrow.StructType)
    return [column_type.field(index) for index in range(column_type.num_fields)] if is_struct else []
