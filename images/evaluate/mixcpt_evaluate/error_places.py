"""The place in a library where an exception was raised."""

import traceback
from pathlib import Path


def find_place(error: BaseException) -> str:
    """Returns `file.py, line 7`; an empty text for an exception that was not raised.

    An error of vLLM's engine brings the place from the engine's process.
    """
    place: str | None = getattr(error, "engine_place", None)
    if place is not None:
        return place
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
