"""Reads FLORES+ as the hub has it: {dev,devtest}/<language>.jsonl, a sentence with its id per line.

FLORES+ is FLORES-200 with corrections, made by the Open Language Data Initiative; its CHANGELOG names them.
"""

import json
from pathlib import Path

from mixcpt_evaluate.tasks.benchmark_files import marker_of, read_lines
from mixcpt_store.errors import InputError

NAME = "flores_plus"
# The study's languages that FLORES+ has under other codes than FLORES-200.
_CODES = {"zho_Hans": "cmn_Hans", "tgl_Latn": "fil_Latn"}


def edition_of(benchmarks: Path) -> str | None:
    """`flores_plus`, with the first digits of its commit where that is known; None for FLORES-200 itself."""
    if not (benchmarks / "devtest").is_dir():
        return None
    revision = marker_of(benchmarks).get("revision")
    return f"{NAME}@{revision[:7]}" if isinstance(revision, str) else NAME


def flores_plus_path(folder: Path, language: str) -> Path:
    return folder / f"{_CODES.get(language, language)}.jsonl"


def read_flores_plus(path: Path) -> list[tuple[int, str]]:
    """Id and text of each sentence. Raises InputError with the line of what is damaged."""
    return [_sentence(path, number, line) for number, line in enumerate(read_lines(path), start=1)]


def _sentence(path: Path, number: int, line: str) -> tuple[int, str]:
    try:
        value = json.loads(line)
        return int(value["id"]), value["text"].strip()
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f'{path}, line {number} ends with {line.rstrip()[-40:]!r}; it must be JSON with "id" and "text": '
            "is the file cut short?"
        ) from error
