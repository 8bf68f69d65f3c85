from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixcpt_monitor.cells import CellKey, CellState
from mixcpt_monitor.webhook import CellEvent, EventFinder, Webhook, parse_retry_after

TRAINING = CellState(CellKey("dev", "tiny-mono-alt"), "Tiny-Mono-Alt", "train")


def test_finds_what_has_changed_since_the_start() -> None:
    finder = EventFinder()
    done, failed = replace(TRAINING, stage="done"), replace(TRAINING, stage="failed")
    assert finder.find_events([done], 0) == []
    assert finder.find_events([TRAINING], 0) == []
    assert [event.kind for event in finder.find_events([failed], 0)] == ["failed"]
    assert finder.find_events([failed], 0) == []
    assert [event.kind for event in finder.find_events([done], 0)] == ["done"]


def test_finds_repeated_restarts_and_a_training_without_steps() -> None:
    finder = EventFinder()
    finder.find_events([TRAINING], 0)
    assert finder.find_events([replace(TRAINING, restarts=2, last_report=100)], 1000) == []
    restarted = replace(TRAINING, restarts=4, last_report=100)
    [event] = finder.find_events([restarted], 1000)
    assert event.build_body()["text"] == "dev: Tiny-Mono-Alt restarted 4 times"
    assert [each.kind for each in finder.find_events([restarted], 9000)] == ["stalled"]


class Receiver(BaseHTTPRequestHandler):
    """Answers with the next status each time; one that is a pair has a header Retry-After."""

    answers: list[int | tuple[int, str]]
    bodies: list[bytes]

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.answers.pop(0)
        status, retry_after = answer if isinstance(answer, tuple) else (answer, None)
        self.send_response(status)
        if retry_after:
            self.send_header("Retry-After", retry_after)
        if 300 <= status < 400:
            self.send_header("Location", "/login")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Sent:
    """What a webhook received, and what the monitor did meanwhile."""

    bodies: list[bytes]
    delays: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def send_events(kinds: list[str], answers: list[int | tuple[int, str]]) -> Sent:
    Receiver.answers, Receiver.bodies = answers, []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    sent = Sent(Receiver.bodies)
    address = f"http://127.0.0.1:{server.server_port}/secret-part"
    webhook = Webhook(address, report=sent.lines.append, sleep=sent.delays.append)
    for kind in kinds:
        webhook.add(CellEvent(kind, TRAINING))
        webhook.send_next()
    server.shutdown()
    server.server_close()
    assert "secret-part" not in "".join(sent.lines)
    return sent


def test_tries_again_until_the_webhook_takes_the_event() -> None:
    sent = send_events(["done"], [503, 408, 200])
    assert (len(sent.bodies), sent.delays) == (3, [1.0, 2.0])
    assert sent.lines == ["webhook: it answered with status 503; trying again: dev: Tiny-Mono-Alt done"]


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 410, 413])
def test_an_event_that_is_refused_is_dropped_once_and_the_next_one_is_sent(status: int) -> None:
    sent = send_events(["restarted", "done"], [status, 200])
    assert (len(sent.bodies), sent.delays) == (2, [])
    assert sent.lines == [
        f"webhook: it answered with status {status}, as it would again; dropped: dev: Tiny-Mono-Alt restarted 0 times"
    ]


def test_waits_as_long_as_a_webhook_with_too_many_requests_says() -> None:
    sent = send_events(["done"], [(429, "90"), 429, (429, "1"), 200])
    assert sent.delays == [90.0, 2.0, 4.0]
    assert sent.lines == ["webhook: it answered with status 429; trying again: dev: Tiny-Mono-Alt done"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, 0.0),
        ("120", 120.0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", 0.0),
        ("9999999999", 86_400.0),
        ("soon", 0.0),
        ("-5", 0.0),
    ],
)
def test_reads_seconds_and_dates_of_retry_after(text: str | None, seconds: float) -> None:
    now = datetime(2015, 10, 21, 7, 28, tzinfo=UTC).timestamp()
    assert parse_retry_after(text, now) == seconds


@given(
    st.text()
    | st.from_regex(
        r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]\d+", fullmatch=True, alphabet=st.characters(max_codepoint=127)
    )
)
def test_any_other_retry_after_is_none(text: str) -> None:
    assert 0 <= parse_retry_after(text, 0.0) <= 86_400


def test_gives_up_in_the_end_and_never_prints_the_address() -> None:
    lines: list[str] = []
    delays: list[float] = []
    for address in ("http://127.0.0.1:9/secret-part", "no address: secret-part"):
        webhook = Webhook(address, report=lines.append, sleep=delays.append)
        webhook.add(CellEvent("failed", TRAINING))
        webhook.send_next()
    given_up = [line for line in lines if "given up" in line]
    assert given_up == ["webhook: it cannot be reached (URLError); given up: dev: Tiny-Mono-Alt failed"] * 2
    assert 2 * 86_400 <= sum(delays) < 2 * 87_000
    assert "secret-part" not in "".join(lines)


def test_a_full_queue_drops_events_and_does_not_block() -> None:
    lines: list[str] = []
    webhook = Webhook("http://127.0.0.1:9", report=lines.append)
    for _ in range(1001):
        webhook.add(CellEvent("done", TRAINING))
    assert lines == ["webhook: 1000 events wait; dropped: dev: Tiny-Mono-Alt done"]
