"""Runs a tracker's feed in a thread: neither checkpoints nor the end of a training wait for a server or a store."""

from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from mixcpt_train.tracker import Tracker, TrackerFeed

# Our assumption: a server that works takes the last losses within this time, also before an evicted pod is killed.
_LAST_LOSSES_SECONDS = 10.0
# Until then a finished run keeps its devices; what is missing is sent if the run is submitted again.
_FINISH_SECONDS = 60.0


class BackgroundFeed:
    """A feed with one call at a time; without a tracker it does nothing. Only the caller's thread prints."""

    def __init__(
        self,
        run: Path,
        tracker: Tracker | None = None,
        *,
        name: str = "",
        last_losses_seconds: float = _LAST_LOSSES_SECONDS,
        finish_seconds: float = _FINISH_SECONDS,
    ) -> None:
        self._messages: SimpleQueue[str] = SimpleQueue()
        self._feed = tracker and TrackerFeed(run, tracker, name=name, report=self._messages.put)
        self._name = name
        self._last_losses_seconds = last_losses_seconds
        self._finish_seconds = finish_seconds
        self._thread: Thread | None = None

    def add_to(self, on_poll: Callable[[bool], None]) -> Callable[[bool], None]:
        """Builds the `on_poll` callback that also forwards."""

        def poll_and_forward(ended: bool) -> None:
            on_poll(ended)
            self.forward(ended)

        return poll_and_forward

    def forward(self, ended: bool) -> None:
        """Starts to send what the log has got, unless an earlier call still does; waits a little if training ended."""
        if ended:
            self._wait(self._last_losses_seconds)
        self._start(lambda feed: feed.forward(ended))
        if ended:
            self._wait(self._last_losses_seconds)
        self._print_messages()

    def finish(self, *, succeeded: bool) -> None:
        """Sends what is missing and ends the tracker's run, or gives up a tracker that hangs.

        After a failure it waits less: the pod may be about to be killed.
        """
        seconds = self._finish_seconds if succeeded else self._last_losses_seconds
        if self._wait(seconds):
            self._start(lambda feed: feed.finish(succeeded=succeeded))
        if not self._wait(seconds):
            self._messages.put(f"{self._name}: hangs; the losses are sent if the run is submitted again")
        self._print_messages()

    def _start(self, action: Callable[[TrackerFeed], None]) -> None:
        if self._feed and not self._is_busy():
            self._thread = Thread(target=action, args=(self._feed,), daemon=True)
            self._thread.start()

    def _wait(self, seconds: float) -> bool:
        """Returns False if the thread is still busy afterwards."""
        if self._thread:
            self._thread.join(seconds)
        return not self._is_busy()

    def _is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _print_messages(self) -> None:
        while not self._messages.empty():
            print(self._messages.get(), flush=True)
