"""Reads the losses of a training run from the files that LLaMA-Factory writes into its folder."""

import json
import math
from pathlib import Path
from typing import Any

from mixcpt_store.presence import is_file

TRAINER_LOG_FILE = "trainer_log.jsonl"


def read_loss_log(run: Path) -> list[dict[str, Any]]:
    """Returns the entries of all attempts in the order of writing, each with a whole number as `current_steps`.

    The last one is the evaluation after the last step, if there was one. A missing file gives no entries, and a line
    that a killed attempt left incomplete is skipped.
    """
    lines = _read_lines(run / TRAINER_LOG_FILE)
    entries = [entry for line in lines if (entry := _parse_log_line(line)) is not None]
    return entries + _read_last_evaluation(run, entries)


def is_finite_number(value: object) -> bool:
    """Returns False for what cannot be a loss in JSON, as after a divergence."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if is_file(path) else []


def _parse_log_line(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
        step = value["current_steps"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return None if isinstance(step, bool) or not isinstance(step, int) else dict(value)


def _read_last_evaluation(run: Path, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the evaluation that LLaMA-Factory writes into a file of its own, without its step.

    The epoch tells the step. A file of an earlier attempt, or one that is damaged, gives nothing.
    """
    try:
        value = json.loads("\n".join(_read_lines(run / "eval_results.json")))
        loss, epoch = value["eval_loss"], value["epoch"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    steps = [
        entry["current_steps"] for entry in entries[-1:] if is_finite_number(epoch) and entry.get("epoch") == epoch
    ]
    return [{"current_steps": step, "eval_loss": loss} for step in steps]
