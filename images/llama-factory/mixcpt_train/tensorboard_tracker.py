"""TensorBoard: event files in the store, beside the checkpoints of the run."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from struct import unpack
from typing import Any

from mixcpt_store.listing import list_matching
from mixcpt_train.tracker import Point

TENSORBOARD_FOLDER = "tensorboard"
# A record is the length of its data, the length's checksum, the data, and the data's checksum.
_HEADER_BYTES = 12
_CHECKSUM_BYTES = 4


class TensorBoardTracker:
    """Writes a file for each attempt, as TensorBoard expects it; together they have each step once."""

    def __init__(self, run: Path, tags: Mapping[str, str]) -> None:
        self._folder = run / TENSORBOARD_FOLDER
        self._tags = tags
        self._writer: Any = None

    def open_run(self) -> dict[str, int]:
        from tensorboardX.proto.event_pb2 import Event

        self._writer = None
        last_steps: dict[str, int] = {}
        for path in self._list_files():
            for record in _read_records(path.read_bytes()):
                event = Event.FromString(record)
                for value in event.summary.value:
                    last_steps[value.tag] = max(event.step, last_steps.get(value.tag, 0))
        return last_steps

    def send(self, points: list[Point]) -> None:
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.summary_pb2 import Summary

        writer = self._writer = self._writer or self._create_writer()
        for point in points:
            value = Summary.Value(tag=point.name, simple_value=point.value)
            writer.write_event(Event(wall_time=time.time(), step=point.step, summary=Summary(value=[value])))
        writer.flush()

    def finish(self, *, succeeded: bool) -> None:
        """Closes the file; event files have no status."""
        if self._writer:
            self._writer.close()
            self._writer = None

    def _list_files(self) -> list[Path]:
        return list_matching(self._folder, "*.tfevents.*")

    def _create_writer(self) -> Any:
        """Creates a file, which names the run's cell if it is the first one."""
        from tensorboardX.event_file_writer import EventsWriter
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.summary import text

        files = len(self._list_files())
        self._folder.mkdir(exist_ok=True)
        writer = EventsWriter(str(self._folder / "events"), f".{files}")
        if files == 0:
            rows = "".join(f"| {key} | {value} |\n" for key, value in self._tags.items())
            writer.write_event(Event(wall_time=time.time(), summary=text("run", f"| tag | value |\n|---|---|\n{rows}")))
        return writer


def _read_records(content: bytes) -> Iterator[bytes]:
    """Yields the records of an event file, without the last one if a killed attempt left it incomplete."""
    start = 0
    while start + _HEADER_BYTES <= len(content):
        (length,) = unpack("<Q", content[start : start + 8])
        end = start + _HEADER_BYTES + length
        if end + _CHECKSUM_BYTES > len(content):
            return
        yield content[start + _HEADER_BYTES : end]
        start = end + _CHECKSUM_BYTES
