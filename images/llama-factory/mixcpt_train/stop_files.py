"""The files by which a supervisor and the ranks of its node end a training that is told to stop.

They are on the node's own disk. A signal would reach torchrun, too, which ends its ranks 30 seconds later.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# The supervisor sets both for the ranks: the folder of the files, and the seconds that a save takes by an estimate.
STOP_VARIABLE = "MIXCPT_STOP_FILES"
ESTIMATE_VARIABLE = "MIXCPT_SAVE_ESTIMATE"


@dataclass(frozen=True)
class Pace:
    """Seconds of the last step and of the last save; None if this attempt has not saved yet."""

    step_seconds: float
    save_seconds: float | None = None


@dataclass(frozen=True)
class StopRequest:
    """The end of the grace, on time.monotonic(), and the seconds of it that the supervisor needs after the save."""

    deadline: float
    marking_seconds: float = 0.0


@dataclass(frozen=True)
class TrainingEnd:
    """How the ranks have ended: with a checkpoint of a step, or for None without a save."""

    saved_step: int | None


class StopFiles:
    """Each is replaced as a whole, so that no reader sees a part of one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write_pace(self, pace: Pace) -> None:
        self._write("pace", asdict(pace))

    def read_pace(self) -> Pace | None:
        values = self._read("pace")
        return values and Pace(**values)

    def ask(self, request: StopRequest) -> None:
        self._write("request", asdict(request))

    def read_request(self) -> StopRequest | None:
        values = self._read("request")
        return values and StopRequest(**values)

    def note_end(self, end: TrainingEnd) -> None:
        self._write("end", asdict(end))

    def read_end(self) -> TrainingEnd | None:
        values = self._read("end")
        return values and TrainingEnd(**values)

    def _write(self, name: str, values: dict[str, Any]) -> None:
        partial = self._folder / f".{name}.partial-{os.getpid()}"
        partial.write_text(json.dumps(values), encoding="utf-8")
        partial.replace(self._folder / name)

    def _read(self, name: str) -> Any:
        try:
            return json.loads((self._folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
