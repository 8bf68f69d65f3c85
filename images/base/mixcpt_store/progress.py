"""Progress as JSON lines on standard output, for whoever follows the pod's log."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Progress:
    """Counts `unit`s up to `total`; the remaining time follows from the pace since the first report."""

    total: int
    unit: str
    clock: Callable[[], float] = time.monotonic
    stream: TextIO = field(default_factory=lambda: sys.stdout)
    _started: float | None = None
    _first: int = 0

    def report(self, done: int, loss: float | None = None) -> None:
        now = self.clock()
        if self._started is None:
            self._started, self._first = now, done
        line: dict[str, object] = {"mixcpt": "progress", "done": done, "total": self.total, "unit": self.unit}
        if loss is not None:
            line["loss"] = round(loss, 4)
        advanced = done - self._first
        if advanced > 0:
            line["eta_seconds"] = round((now - self._started) / advanced * max(self.total - done, 0), 1)
        print(json.dumps(line), file=self.stream, flush=True)
