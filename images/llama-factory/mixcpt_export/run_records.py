"""The records of the store about a run: its recipe and attempts, its text, and the scores of a checkpoint."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mixcpt_store.errors import InputError
from mixcpt_store.listing import list_matching
from mixcpt_store.presence import is_file


@dataclass(frozen=True)
class CardScore:
    """A score in percent. `direction` is None for a classification."""

    benchmark: str
    direction: str | None
    language: str
    metric: str
    value: float
    items: int


@dataclass(frozen=True)
class RunRecords:
    """`statistics` is STATS.json of the corpus, empty if it has none."""

    recipe: dict[str, Any]
    attempts: tuple[dict[str, Any], ...]
    statistics: dict[str, Any]
    scores: tuple[CardScore, ...]


def read_run_records(run: Path, corpus: Path, scores: tuple[Path, ...]) -> RunRecords:
    """Raises InputError for a damaged file, OSError for a folder that cannot be read."""
    record = read_mapping(run / "run.yaml", yaml.safe_load)
    attempts = [attempt for attempt in record.get("attempts") or [] if isinstance(attempt, dict)]
    return RunRecords(
        recipe=record.get("recipe") or {},
        attempts=tuple(attempts),
        statistics=read_mapping(corpus / "STATS.json", json.loads),
        scores=tuple(
            score for folder in scores for path in list_matching(folder, "*.json") for score in _read_scores(path)
        ),
    )


def _read_scores(path: Path) -> list[CardScore]:
    value = read_mapping(path, json.loads)
    try:
        unit = {key: value[key] for key in ("benchmark", "direction", "language", "items")}
        return [CardScore(**unit, metric=score["metric"], value=float(score["value"])) for score in value["scores"]]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: is not a score file ({error}); delete it and run the evaluation again") from error


def read_mapping(path: Path, parse: Any) -> dict[str, Any]:
    """Returns the content of a file, or nothing if it does not exist."""
    if not is_file(path):
        return {}
    try:
        value = parse(path.read_text(encoding="utf-8"))
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: holds {type(value).__name__}; it must be a mapping")
    return value
