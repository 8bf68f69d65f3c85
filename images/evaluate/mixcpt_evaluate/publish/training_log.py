"""Reads the loss curves and the training time that a report draws from a run's log."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixcpt_store.loss_log import is_finite_number, read_loss_log

MAX_LOSS_POINTS = 200


@dataclass(frozen=True)
class TrainingLog:
    """`loss` and `held_out`, the loss on the text that is not trained on, are [step, loss] in the order of the steps.

    `seconds` is the time of all attempts, without that of their imports.
    """

    loss: list[tuple[int, float]]
    held_out: list[tuple[int, float]]
    steps: int
    seconds: int


def read_training_log(run: Path) -> TrainingLog:
    """Reads the log of all attempts at a run. When a resumed run repeats steps, the later line counts."""
    entries = read_loss_log(run)
    steps = max((entry["current_steps"] for entry in entries), default=0)
    loss, held_out = (_build_curve(entries, key) for key in ("loss", "eval_loss"))
    return TrainingLog(loss, held_out, steps, _sum_attempt_seconds(entries))


def _build_curve(entries: list[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    losses = {entry["current_steps"]: entry[key] for entry in entries if is_finite_number(entry.get(key))}
    return _sample_curve([(step, round(float(loss), 4)) for step, loss in sorted(losses.items())])


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
