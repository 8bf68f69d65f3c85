"""Progress lines: machine-readable, with a time estimate from the second report on."""

import io
import json

from mixcpt_store.progress import Progress


def test_estimates_the_remaining_time_from_the_pace_since_the_first_report() -> None:
    stream = io.StringIO()
    times = iter([100.0, 110.0])
    progress = Progress(total=30, unit="steps", clock=lambda: next(times), stream=stream)
    progress.report(10)
    progress.report(20, loss=3.14159)
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first == {"mixcpt": "progress", "done": 10, "total": 30, "unit": "steps"}
    assert second["eta_seconds"] == 10.0
    assert second["loss"] == 3.1416
