"""Reads the loss curve and the training time out of trainer_log.jsonl."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_POINTS = 200


@dataclass(frozen=True)
class TrainingLog:
    """`loss` is [step, loss] in the order of the steps; `seconds` counts all attempts, imports left out."""

    loss: list[tuple[int, float]]
    steps: int
    seconds: int


def read_training_log(path: Path) -> TrainingLog:
    """A resumed run repeats steps: the later line counts.

    A line that a killed attempt cut short is passed over.
    """
    entries = [entry for line in _lines(path) if (entry := _entry(line)) is not None]
    losses = {entry["current_steps"]: entry["loss"] for entry in entries if entry.get("loss") is not None}
    curve = [(int(step), round(float(loss), 4)) for step, loss in sorted(losses.items())]
    steps = max((int(entry["current_steps"]) for entry in entries), default=0)
    return TrainingLog(_thinned(curve), steps, _seconds(entries))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def _entry(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "current_steps" in value else None


def _thinned(curve: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Evenly spaced points, first and last among them."""
    if len(curve) <= MOST_POINTS:
        return curve
    return [curve[round(index * (len(curve) - 1) / (MOST_POINTS - 1))] for index in range(MOST_POINTS)]


def _seconds(entries: list[dict[str, Any]]) -> int:
    """Each attempt counts its time from zero: the sum of the attempts' last values."""
    total = last = 0
    for entry in entries:
        elapsed = _parse_elapsed(str(entry.get("elapsed_time", "")), last)
        if elapsed < last:
            total += last
        last = elapsed
    return total + last


def _parse_elapsed(text: str, fallback: int) -> int:
    """From `1 day, 0:00:05` or `0:00:05` to seconds."""
    days, _, clock = text.rpartition("day")
    parts = clock.lstrip("s, ").split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return fallback
    hours, minutes, seconds = map(int, parts)
    return int(days or 0) * 86_400 + hours * 3600 + minutes * 60 + seconds
