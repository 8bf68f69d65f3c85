"""Values of sysfs, where a file may be missing, or refuse to be read for an entry that is not in use."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path


def read_value(path: Path) -> str:
    """Returns the text of a file; nothing where it has none for this device."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def format_tally(values: Iterable[str]) -> str:
    """Returns `8 × MT4129`, or `7 × 64 GiB, 1 × 32 GiB`; nothing without values."""
    counts = Counter(value for value in values if value)
    return ", ".join(f"{count} × {value}" for value, count in sorted(counts.items()))
