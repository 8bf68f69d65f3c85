"""Progress as JSON lines on standard output, which `./mixcpt watch` reads from the pod's log."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Progress:
    """Counts up to `total` in `unit`s and estimates the remaining time from the pace since the first report."""

    total: int
    unit: str
    clock: Callable[[], float] = time.monotonic
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    _started_at: float | None = None
    _first_done: int = 0

    def report(self, done: int, loss: float | None = None) -> None:
        now = self.clock()
        if self._started_at is None:
            self._started_at, self._first_done = now, done
        line: dict[str, object] = {"mixcpt": "progress", "done": done, "total": self.total, "unit": self.unit}
        if loss is not None:
            line["loss"] = round(loss, 4)
        advanced = done - self._first_done
        if advanced > 0:
            line["eta_seconds"] = round((now - self._started_at) / advanced * max(self.total - done, 0), 1)
        print(json.dumps(line), file=self.stream, flush=True)
