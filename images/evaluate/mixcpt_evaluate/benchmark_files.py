"""Where the files of a benchmark lie: in a folder of their own layout, or as the hub has them."""

import json
from pathlib import Path
from typing import Any

from mixcpt_store.complete import MARKER
from mixcpt_store.errors import InputError


def marker_of(benchmarks: Path) -> dict[str, Any]:
    """What the step that wrote the folder says of it; nothing where somebody put the files there."""
    try:
        value = json.loads((benchmarks / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def without_language(path: Path, languages: list[str]) -> InputError:
    """`path` is where the language should be, `languages` are those that are there."""
    there = ", ".join(sorted(languages)) or "none"
    return InputError(f"{path} does not exist; languages of this benchmark: {there}")
