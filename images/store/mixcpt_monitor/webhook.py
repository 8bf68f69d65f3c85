"""Events of cells for a webhook. The address is a secret: neither it nor an error that has it is printed."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from queue import Full, Queue
from typing import Any

from mixcpt_monitor.cells import CellKey, CellState

_SEND_SECONDS = 10.0
_LONGEST_DELAY_SECONDS = 300.0
# What is older than a day tells nothing new.
_GIVE_UP_SECONDS = 86_400.0
# Of the answers that blame the request, those that another attempt may change: a timeout, and too many requests or one
# that came too early.
_PASSING_STATUSES = (408, 425, 429)
_QUEUE_SIZE = 1000
_STALLED_SECONDS = 1800.0
# Restarts at which a cell is reported; later ones are in the metrics.
_REPORTED_RESTARTS = (3, 10, 30, 100)


@dataclass(frozen=True)
class CellEvent:
    """`kind` is `done`, `failed`, `restarted` or `stalled`."""

    kind: str
    state: CellState

    def build_body(self) -> dict[str, Any]:
        """`text` is what Slack, Mattermost and others show."""
        key, name = self.state.key, self.state.name
        times = f" {self.state.restarts} times" if self.kind == "restarted" else ""
        return {
            "text": f"{key.stack}: {name} {self.kind}{times}",
            "event": self.kind,
            "stack": key.stack,
            "cell": name,
            "stage": self.state.stage,
            "restarts": self.state.restarts,
        }


class EventFinder:
    """Compares the states of the cells with those before. What is true at the start is no event."""

    def __init__(self) -> None:
        self._known: dict[CellKey, set[str]] | None = None

    def find_events(self, cells: list[CellState], now: float) -> list[CellEvent]:
        facts = {cell.key: _list_facts(cell, now) for cell in cells}
        known, self._known = self._known, facts
        if known is None:
            return []
        return [
            CellEvent(fact.split(" ")[0], cell)
            for cell in cells
            for fact in sorted(facts[cell.key] - known.get(cell.key, set()))
        ]


def _list_facts(cell: CellState, now: float) -> set[str]:
    facts = {cell.stage} & {"done", "failed"}
    facts |= {f"restarted {count}" for count in _REPORTED_RESTARTS if cell.restarts >= count}
    if cell.last_report is not None and now > cell.last_report + _STALLED_SECONDS:
        facts.add("stalled")
    return facts


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Lets a redirect fail: urllib would follow it with a GET, whose answer tells nothing of the event."""

    def redirect_request(self, *_arguments: object, **_options: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


@dataclass(frozen=True)
class _Problem:
    """What went wrong, without the address. `wait_seconds` is what the webhook asked for."""

    text: str
    permanent: bool = False
    wait_seconds: float = 0.0


class Webhook:
    """Sends events one after another in a thread of its own; one that fails is tried again, with growing delays."""

    def __init__(
        self,
        address: str,
        *,
        report: Callable[[str], None] = print,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address = address
        self._report = report
        self._sleep = sleep
        self._queue: Queue[CellEvent] = Queue(_QUEUE_SIZE)

    def add(self, event: CellEvent) -> None:
        """Never waits: with a full queue the event is dropped, which is printed."""
        try:
            self._queue.put_nowait(event)
        except Full:
            self._report(f"webhook: {_QUEUE_SIZE} events wait; dropped: {event.build_body()['text']}")

    def send_forever(self) -> None:
        while True:
            self.send_next()

    def send_next(self) -> None:
        """Sends the next event. Drops it if the webhook refuses it, or has not taken it for a day."""
        body = self._queue.get().build_body()
        delay, waited, reported = 1.0, 0.0, False
        while problem := self._try_to_send(body):
            if problem.permanent:
                self._report(f"webhook: {problem.text}, as it would again; dropped: {body['text']}")
                return
            if waited >= _GIVE_UP_SECONDS:
                self._report(f"webhook: {problem.text}; given up: {body['text']}")
                return
            if not reported:
                self._report(f"webhook: {problem.text}; trying again: {body['text']}")
            reported = True
            pause = max(delay, problem.wait_seconds)
            self._sleep(pause)
            waited += pause
            delay = min(2 * delay, _LONGEST_DELAY_SECONDS)

    def _try_to_send(self, body: dict[str, Any]) -> _Problem | None:
        """Returns None if the webhook took the event."""
        try:
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(self._address, json.dumps(body).encode(), headers, method="POST")
            _OPENER.open(request, timeout=_SEND_SECONDS).close()
        except urllib.error.HTTPError as error:
            error.close()
            return _Problem(
                f"it answered with status {error.code}",
                permanent=error.code < 500 and error.code not in _PASSING_STATUSES,
                wait_seconds=parse_retry_after(error.headers.get("Retry-After"), time.time()),
            )
        except Exception as error:  # also of an address that is none: its message would print the secret
            return _Problem(f"it cannot be reached ({type(error).__name__})")
        return None


def parse_retry_after(text: str | None, now: float) -> float:
    """Returns the seconds of a header Retry-After, at most a day; 0 without one (RFC 9110, 10.2.3)."""
    seconds = 0.0
    if text and text.strip().isdecimal():
        seconds = float(text)
    elif text:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, OverflowError):
            return 0.0
    return min(max(seconds, 0.0), _GIVE_UP_SECONDS)
