"""Reads FLORES+ in the layout of the hub: {dev,devtest}/<language>.jsonl, a sentence with its id on each line.

FLORES+ is FLORES-200 with corrections by the Open Language Data Initiative; its CHANGELOG lists them.
"""

import json
from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_files import read_lines, read_marker
from mixcpt_store.errors import InputError
from mixcpt_store.presence import is_folder

_EDITION_NAME = "flores_plus"
# The study's languages whose codes in FLORES+ differ from those in FLORES-200.
_FLORES_PLUS_CODES = {"zho_Hans": "cmn_Hans", "tgl_Latn": "fil_Latn"}


def read_flores_edition(folder: Path) -> str | None:
    """Returns `flores_plus`, with the first digits of its commit where that is known; None for FLORES-200 itself."""
    if not is_folder(folder / "devtest"):
        return None
    revision = read_marker(folder).get("revision")
    return f"{_EDITION_NAME}@{revision[:7]}" if isinstance(revision, str) else _EDITION_NAME


def get_flores_plus_path(directory: Path, language: str) -> Path:
    return directory / f"{_FLORES_PLUS_CODES.get(language, language)}.jsonl"


def read_flores_plus(path: Path) -> list[tuple[int, str]]:
    """Returns the id and text of each sentence. Raises InputError with the line of what is damaged.

    Blank lines at the end are not sentences.
    """
    lines = read_lines(path)
    while lines and not lines[-1].strip():
        lines.pop()
    return [_parse_sentence(path, number, line) for number, line in enumerate(lines, start=1)]


def _parse_sentence(path: Path, number: int, line: str) -> tuple[int, str]:
    try:
        value = json.loads(line)
        number_in_split, text = int(value["id"]), value["text"].strip()
        text.encode()  # half of a surrogate pair can be written in JSON, but not into a file
        return number_in_split, text
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError(
            f'{path}, line {number}: ends with {line.rstrip()[-40:]!r}; it must be JSON with "id" and "text", '
            "so the file may be truncated"
        ) from error
