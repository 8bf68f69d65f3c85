"""Reads SIB-200's own layout: <language>/{train,test}.tsv with the columns index_id, category, text."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_store.errors import InputError

if TYPE_CHECKING:
    import pandas

_COLUMNS = ["category", "text"]


@dataclass(frozen=True)
class Sib200Data:
    train: "pandas.DataFrame"
    test: "pandas.DataFrame"


def read_sib200(benchmarks: Path, language: str) -> Sib200Data:
    """Raises InputError for a language that the benchmark lacks or a file that does not parse."""
    folder = benchmarks / "sib200" / language
    if not folder.is_dir():
        there = ", ".join(sorted(path.name for path in (benchmarks / "sib200").glob("*"))) or "none"
        raise InputError(f"{folder} does not exist; languages of this benchmark: {there}")
    return Sib200Data(_read(folder / "train.tsv"), _read(folder / "test.tsv"))


def _read(path: Path) -> "pandas.DataFrame":
    """As the study reads it: pandas' default quoting."""
    import pandas

    try:
        table = pandas.read_csv(path, delimiter="\t", index_col="index_id")
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {' '.join(str(error).split())}") from error
    missing = [column for column in _COLUMNS if column not in table.columns]
    if missing:
        raise InputError(
            f"{path} lacks the column {missing[0]}; it must have index_id, {', '.join(_COLUMNS)}"
        )
    empty = table[table[_COLUMNS].isna().any(axis=1)]
    if len(empty):
        raise InputError(
            f"{path}: the item {empty.index[0]} has no category or no text; is the file cut short?"
        )
    return table
