"""Follows LLaMA-Factory's trainer_log.jsonl while it grows."""

import json
from dataclasses import dataclass
from pathlib import Path

NAME = "trainer_log.jsonl"


@dataclass(frozen=True)
class LogEntry:
    step: int
    total: int
    loss: float | None


class TrainerLog:
    """Starts at the end of what is there: lines of an earlier attempt were reported by that attempt."""

    def __init__(self, run: Path) -> None:
        self._path = run / NAME
        self._offset = self._path.stat().st_size if self._path.exists() else 0

    def new_entries(self) -> list[LogEntry]:
        """Entries of the whole lines that were added since the last call."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            added = file.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [entry for line in whole.splitlines() if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> LogEntry | None:
    """None for a line that a killed attempt left half written."""
    try:
        value = json.loads(line)
        return LogEntry(int(value["current_steps"]), int(value["total_steps"]), value.get("loss"))
    except (ValueError, KeyError, TypeError):
        return None
