"""Reads LLaMA-Factory's trainer_log.jsonl while it grows."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from mixcpt_store.loss_log import TRAINER_LOG_FILE, is_finite_number
from mixcpt_store.presence import is_present


@dataclass(frozen=True)
class LogEntry:
    """A line of the log. `loss` is None if the line has none, or one that is not finite: then `diverged` is True."""

    step: int
    total: int
    loss: float | None
    diverged: bool = False


class TrainerLog:
    """Reads the log from its current end on: earlier lines were reported by the attempt that wrote them."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self._path = run / TRAINER_LOG_FILE
        self._offset = self._path.stat().st_size if is_present(self._path) else 0

    def read_new_entries(self) -> list[LogEntry]:
        """Returns the entries of all complete lines added since the previous call."""
        if not is_present(self._path):
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        complete_lines = added[: added.rfind(b"\n") + 1]
        self._offset += len(complete_lines)
        return [entry for line in complete_lines.splitlines() if (entry := _parse_entry(line)) is not None]


def _parse_entry(line: bytes) -> LogEntry | None:
    """Returns None for a line that a killed attempt left truncated."""
    try:
        value = json.loads(line)
        loss = value.get("loss")
        # A progress line with another loss, as after a divergence, could not be JSON.
        known_loss = loss if is_finite_number(loss) else None
        diverged = isinstance(loss, float) and not math.isfinite(loss)
        return LogEntry(int(value["current_steps"]), int(value["total_steps"]), known_loss, diverged)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError, AttributeError):
        return None
