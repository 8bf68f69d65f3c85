"""What a supervisor does in the store while a training runs, in a thread: a store that hangs keeps it from nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from mixcpt_store.store_calls import RepeatedCall, call_store
from mixcpt_train.trainer_log import LogEntry, TrainerLog

_NEWS_SECONDS = 1.0


@dataclass(frozen=True)
class StoreNews:
    """The new entries of the log, and whether the training has written its last file."""

    entries: list[LogEntry]
    has_finished: bool = False


class StorePoll:
    """Reads the log, asks `has_finished()` and calls `on_poll(ended)`, one after the other.

    Meanwhile its caller can pass on signals, see that the training has ended, or find that it hangs.
    """

    def __init__(self, log: TrainerLog, on_poll: Callable[[bool], None], has_finished: Callable[[], bool]) -> None:
        self._log = log
        self._on_poll = on_poll
        self._has_finished = has_finished
        self._repeated = RepeatedCall(self._look)
        self._reported: set[str] = set()

    def poll(self) -> StoreNews:
        """Returns the news of the store; none while it does not answer, or cannot be read for a moment."""
        try:
            return self._repeated.poll(_NEWS_SECONDS) or StoreNews([])
        except OSError as error:
            return self._report(error)

    def end(self, seconds: float | None = None) -> StoreNews:
        """Polls for the last time, once the training has ended. Raises NoAnswerError if the store does not answer."""
        return call_store(self._log.run, self._look_at_end, seconds)

    def _look(self) -> StoreNews:
        # First, because entries that have been read are not read again after an error.
        has_finished = self._has_finished()
        news = StoreNews(self._log.read_new_entries(), has_finished)
        self._on_poll(False)
        return news

    def _look_at_end(self) -> StoreNews:
        entries: list[LogEntry] = []
        for read in (self._finish_former, self._log.read_new_entries):
            try:
                entries += read()
            except OSError as error:
                self._report(error)
        self._on_poll(True)
        return StoreNews(entries)

    def _finish_former(self) -> list[LogEntry]:
        news = self._repeated.finish()
        return news.entries if news else []

    def _report(self, error: OSError) -> StoreNews:
        if str(error) not in self._reported:
            print(f"the run's folder cannot be read now ({error}); trying again", flush=True)
        self._reported.add(str(error))
        return StoreNews([])
