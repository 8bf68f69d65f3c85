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


def read_lines(path: Path) -> list[str]:
    """With their ends. Raises InputError for what is not UTF-8: a file may be cut inside a character."""
    try:
        with path.open(encoding="utf-8") as file:
            return list(file)
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error


def not_utf8(path: Path) -> InputError:
    """For a file that cannot be decoded: names the first such line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                what = f"is not UTF-8: {error.reason}: is the file cut short?"
                return InputError(f"{path}, line {number} {what}")
    return InputError(f"{path} is not UTF-8")
