"""Reads the loss curves and the training time from the files that LLaMA-Factory writes into a run's folder."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """Reads the log of all attempts at a run; a missing file gives an empty log.

    When a resumed run repeats steps, the later line counts. A line that a killed attempt left incomplete is skipped.
    """
    entries = [entry for line in _read_lines(run / "trainer_log.jsonl") if (entry := _parse_log_line(line)) is not None]
    steps = max((int(entry["current_steps"]) for entry in entries), default=0)
    held_out = _build_curve([*entries, *_read_last_evaluation(run, entries)], "eval_loss")
    return TrainingLog(_build_curve(entries, "loss"), held_out, steps, _sum_attempt_seconds(entries))


def _build_curve(entries: list[dict[str, Any]], key: str) -> list[tuple[int, float]]:
    losses = {entry["current_steps"]: entry[key] for entry in entries if _is_finite(entry.get(key))}
    return _sample_curve([(step, round(float(loss), 4)) for step, loss in sorted(losses.items())])


def _read_last_evaluation(run: Path, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the evaluation after the last step, which LLaMA-Factory writes into a file of its own, without its step.

    The epoch tells the step. A file of an earlier attempt, or one that is damaged, gives nothing.
    """
    try:
        value = json.loads("\n".join(_read_lines(run / "eval_results.json")))
        loss, epoch = value["eval_loss"], value["epoch"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    steps = [entry["current_steps"] for entry in entries[-1:] if _is_finite(epoch) and entry.get("epoch") == epoch]
    return [{"current_steps": step, "eval_loss": loss} for step in steps]


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def _parse_log_line(line: str) -> dict[str, Any] | None:
    """Returns None for a line without a step."""
    try:
        value = json.loads(line)
        step = value["current_steps"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if isinstance(step, bool) or not isinstance(step, int):
        return None
    return dict(value)


def _is_finite(value: object) -> bool:
    """Returns False for what is no loss, as after a divergence: the result could not be JSON."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


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
