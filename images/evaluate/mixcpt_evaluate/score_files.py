"""One score file for each (benchmark, language, direction), with the predictions item by item beside it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.task_spec import ENGLISH, Serving
from mixcpt_store.complete import write_atomically
from mixcpt_store.presence import is_file


@dataclass(frozen=True)
class Score:
    """`signature` tells how the value was computed. The field names are the keys of the score file."""

    metric: str
    value: float
    signature: str


@dataclass(frozen=True)
class EvaluationUnit:
    """A unit of work. `direction` is None for a classification, otherwise `xx-eng` or `eng-xx`."""

    benchmark: str
    language: str
    direction: str | None = None

    @property
    def file_stem(self) -> str:
        return self.language if self.direction is None else f"{self.language}.{self.direction}"

    def get_score_path(self, output: Path) -> Path:
        return output / f"{self.file_stem}.json"


def list_units(benchmark: str, languages: Sequence[str], directions: Sequence[str] = ()) -> list[EvaluationUnit]:
    """Returns a unit for each language or, of a translation, for each language and direction.

    English is never translated into itself.
    """
    if not directions:
        return [EvaluationUnit(benchmark, language) for language in languages]
    others = [language for language in languages if language != ENGLISH]
    return [EvaluationUnit(benchmark, language, direction) for language in others for direction in directions]


def is_unit_finished(output: Path, unit: EvaluationUnit) -> bool:
    """Returns whether the unit's score file is complete and its predictions exist.

    Raises OSError for a file that cannot be read now: what is finished would be computed again.
    """
    try:
        score = json.loads(unit.get_score_path(output).read_text(encoding="utf-8"))
        return bool(score["scores"]) and is_file(output / score["predictions"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return False


def write_scores(
    output: Path,
    unit: EvaluationUnit,
    *,
    checkpoint: Path,
    scores: Sequence[Score],
    predictions: Sequence[dict[str, Any]],
    unanswered: Sequence[str] = (),
    serving: Serving | None = None,
) -> None:
    """Writes the predictions first and the scores last, so that a unit with a score file is finished.

    `unanswered` holds the reason of each item without an answer. The key of that name exists only if there are any.
    `serving` says how vLLM served the model; other backends have none.
    """
    output.mkdir(parents=True, exist_ok=True)
    name = f"{unit.file_stem}.predictions.jsonl"
    write_atomically(output / name, "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in predictions))
    value: dict[str, Any] = {
        "benchmark": unit.benchmark,
        "language": unit.language,
        "direction": unit.direction,
        "checkpoint": str(checkpoint),
        "items": len(predictions),
        "scores": [vars(score) for score in scores],
        "predictions": name,
    }
    if serving is not None:
        value["serving"] = serving.to_spec()
    if unanswered:
        value["unanswered"] = {"count": len(unanswered), "reasons": dict(Counter(unanswered).most_common())}
    write_atomically(unit.get_score_path(output), json.dumps(value, ensure_ascii=False, indent=2) + "\n")
