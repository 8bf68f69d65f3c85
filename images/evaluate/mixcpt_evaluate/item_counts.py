"""How many items a benchmark's files must hold, so that a file which was cut short is noticed."""

import json
from pathlib import Path

from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError

_PUBLISHED = {"sib200": {"train": 701, "dev": 99, "test": 204}, "flores200": {"dev": 997, "devtest": 1012}}


def check_items(benchmarks: Path, path: Path, found: int) -> None:
    """`path` is <benchmark>/…/<split>.tsv or <benchmark>/<split>/….

    The numbers are those in the benchmarks' COMPLETE marker, else those of the published benchmarks.
    Raises InputError when the file holds another number of items.
    """
    benchmark = path.relative_to(benchmarks).parts[0]
    split = path.suffix[1:] if benchmark == "flores200" else path.stem
    wanted = {**_PUBLISHED[benchmark], **_recorded(benchmarks).get(benchmark, {})}[split]
    if found != wanted:
        raise InputError(
            f"{path} holds {found} items, line {found + (benchmark == 'sib200')} is its last; "
            f"{benchmark}'s {split} split has {wanted}: is the file cut short?"
        )


def _recorded(benchmarks: Path) -> dict[str, dict[str, int]]:
    try:
        marker = json.loads((benchmarks / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: marker[name] for name in _PUBLISHED if isinstance(marker.get(name), dict)}
