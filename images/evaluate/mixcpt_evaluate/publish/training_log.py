"""Reads the loss curve and the training time from trainer_log.jsonl."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LOSS_POINTS = 200


@dataclass(frozen=True)
class TrainingLog:
    """`loss` is [step, loss] in the order of the steps.

    `seconds` is the time of all attempts, without that of their imports.
    """

    loss: list[tuple[int, float]]
    steps: int
    seconds: int


def read_training_log(path: Path) -> TrainingLog:
    """Reads the log of all attempts at a run; a missing file gives an empty log.

    When a resumed run repeats steps, the later line counts. A line that a killed attempt left incomplete is skipped.
    """
    entries = [entry for line in _read_log_lines(path) if (entry := _parse_log_line(line)) is not None]
    losses = {entry["current_steps"]: entry["loss"] for entry in entries if entry.get("loss") is not None}
    curve = [(int(step), round(float(loss), 4)) for step, loss in sorted(losses.items())]
    steps = max((int(entry["current_steps"]) for entry in entries), default=0)
    return TrainingLog(_sample_curve(curve), steps, _sum_attempt_seconds(entries))


def _read_log_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def _parse_log_line(line: str) -> dict[str, Any] | None:
    """Returns None for a line without a step. A loss that is not a number, as after a divergence, is dropped."""
    try:
        value = json.loads(line)
        step = value["current_steps"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if isinstance(step, bool) or not isinstance(step, int):
        return None
    loss = value.get("loss")
    finite = isinstance(loss, (int, float)) and not isinstance(loss, bool) and math.isfinite(loss)
    return {**value, "loss": loss if finite else None}


def _sample_curve(curve: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Returns at most MAX_LOSS_POINTS evenly spaced points, with the first and the last among them."""
    if len(curve) <= MAX_LOSS_POINTS:
        return curve
    return [curve[round(index * (len(curve) - 1) / (MAX_LOSS_POINTS - 1))] for index in range(MAX_LOSS_POINTS)]


def _sum_attempt_seconds(entries: list[dict[str, Any]]) -> int:
    """Returns the sum of the attempts' last values: each attempt counts its time from zero."""
    total = last = 0
    for entry in entries:
        elapsed = _parse_elapsed_seconds(str(entry.get("elapsed_time", "")), last)
        if elapsed < last:
            total += last
        last = elapsed
    return total + last


def _parse_elapsed_seconds(text: str, fallback: int) -> int:
    """Parses a time such as `1 day, 0:00:05` or `0:00:05`; returns `fallback` for any other text."""
    days, _, clock = text.rpartition("day")
    parts = clock.lstrip("s, ").split(":")
    days = days.strip() or "0"
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in [days, *parts]):
        return fallback
    hours, minutes, seconds = map(int, parts)
    return int(days) * 86_400 + hours * 3600 + minutes * 60 + seconds
