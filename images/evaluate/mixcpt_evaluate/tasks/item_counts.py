"""How many items a benchmark's files must hold, so that a file which was cut short is noticed."""

from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_definitions import Classification, Translation
from mixcpt_evaluate.tasks.benchmark_files import marker_of
from mixcpt_store.errors import InputError


def check_items(
    benchmark: Classification | Translation,
    benchmarks: Path,
    path: Path,
    split: str,
    *,
    found: int,
    last_line: int,
) -> None:
    """`path` is a file of `benchmarks`.

    The numbers are those in the benchmarks' COMPLETE marker, else the benchmark's own; a split of which
    nobody knows the number may hold any. Raises InputError when the file holds another number of items.
    """
    recorded = marker_of(benchmarks).get(benchmark.name)
    wanted = {**benchmark.items, **(recorded if isinstance(recorded, dict) else {})}.get(split, found)
    if found != wanted:
        raise InputError(
            f"{path} holds {found} items, line {last_line} is its last; "
            f"{benchmark.name}'s {split} split has {wanted}: is the file cut short?"
        )
