"""How many items a benchmark's files must hold, so that a file which was cut short is noticed."""

from pathlib import Path

from mixcpt_evaluate.benchmark_files import marker_of
from mixcpt_store.errors import InputError

_PUBLISHED = {"sib200": {"train": 701, "dev": 99, "test": 204}, "flores200": {"dev": 997, "devtest": 1012}}


def check_items(benchmarks: Path, path: Path, found: int, *, benchmark: str, split: str) -> None:
    """`path` is a file of `benchmarks`.

    The numbers are those in the benchmarks' COMPLETE marker, else those of the published benchmarks.
    Raises InputError when the file holds another number of items.
    """
    recorded = marker_of(benchmarks).get(benchmark)
    wanted = {**_PUBLISHED[benchmark], **(recorded if isinstance(recorded, dict) else {})}[split]
    if found != wanted:
        raise InputError(
            f"{path} holds {found} items, line {found + (benchmark == 'sib200')} is its last; "
            f"{benchmark}'s {split} split has {wanted}: is the file cut short?"
        )
