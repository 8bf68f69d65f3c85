"""Decides whether a checkpoint can be saved before the grace of a pod that is told to stop is over."""

import math
from dataclasses import dataclass
from pathlib import Path

from mixcpt_store.complete import MARKER
from mixcpt_store.listing import list_files_below
from mixcpt_train.stop_files import Pace

# Our assumption: a save takes up to this much longer than the last one.
_SAVE_FACTOR = 1.25
# Time for the ranks to end and for the supervisor to see it.
_AFTER_SAVE_SECONDS = 5.0
# As jobs/estimate/checkpoints.ts assumes: 14 bytes per parameter, of which 2 are the weights, at 634 MB/s.
_BYTES_PER_WEIGHT_BYTE = 7
_BYTES_PER_SECOND = 634e6


@dataclass(frozen=True)
class SaveTime:
    """Seconds of a save. `source` says where they are from."""

    seconds: float
    source: str


@dataclass(frozen=True)
class TimeNeeded:
    """Seconds until a checkpoint is complete: what is left of the step, the save, and marking it."""

    save: SaveTime
    step: float = 0.0
    marking: float = 0.0

    @property
    def total(self) -> float:
        return self.step + _SAVE_FACTOR * self.save.seconds + self.marking + _AFTER_SAVE_SECONDS


def choose_save_time(pace: Pace | None, estimate: SaveTime) -> SaveTime:
    """Prefers what this attempt has measured."""
    if pace is None or pace.save_seconds is None:
        return estimate
    return SaveTime(pace.save_seconds, "as the last save took")


def describe_need(total: float, left: float, source: str) -> str:
    """Describes the seconds needed, infinite for a step whose evaluation was not measured, and those left."""
    if math.isinf(total):
        return "the evaluation of this step comes first, and none was measured yet"
    return f"it would take {total:.0f} s until one is complete ({source}), and {left:.0f} s of the grace are left"


def estimate_save(checkpoint: Path | None, model: Path) -> SaveTime:
    """Estimates a save from the times of the files of an earlier one, or else from the size of the model's weights."""
    if checkpoint is not None:
        times = [path.stat().st_mtime for path in list_files_below(checkpoint) if path.name != MARKER]
        return SaveTime(max(times) - min(times), f"an estimate: the times of the files of {checkpoint.name}")
    weights = sum(path.stat().st_size for path in list_files_below(model) if path.suffix in (".safetensors", ".bin"))
    return SaveTime(_BYTES_PER_WEIGHT_BYTE * weights / _BYTES_PER_SECOND, "an estimate: no save was measured yet")
