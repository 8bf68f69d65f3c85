"""One file per (benchmark, language, direction): the scores, beside them the predictions item by item."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_evaluate.tasks.translation_scores import Score
from mixcpt_store.complete import write_atomically


@dataclass(frozen=True)
class Unit:
    """A unit of work. `direction` is None for SIB-200, else `xx-eng` or `eng-xx`."""

    benchmark: str
    language: str
    direction: str | None = None

    @property
    def stem(self) -> str:
        return self.language if self.direction is None else f"{self.language}.{self.direction}"

    def path(self, output: Path) -> Path:
        return output / f"{self.stem}.json"


def is_finished(output: Path, unit: Unit) -> bool:
    """Whether the unit's scores are there whole, with their predictions."""
    try:
        score = json.loads(unit.path(output).read_text(encoding="utf-8"))
        return bool(score["scores"]) and (output / score["predictions"]).is_file()
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_scores(
    output: Path,
    unit: Unit,
    *,
    checkpoint: Path,
    scores: Sequence[Score],
    predictions: Sequence[dict[str, Any]],
) -> None:
    """Predictions first, scores last: a unit whose score file exists is finished."""
    output.mkdir(parents=True, exist_ok=True)
    name = f"{unit.stem}.predictions.jsonl"
    write_atomically(output / name, "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in predictions))
    value = {
        "benchmark": unit.benchmark,
        "language": unit.language,
        "direction": unit.direction,
        "checkpoint": str(checkpoint),
        "items": len(predictions),
        "scores": [vars(score) for score in scores],
        "predictions": name,
    }
    write_atomically(unit.path(output), json.dumps(value, ensure_ascii=False, indent=2) + "\n")
