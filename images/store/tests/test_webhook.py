from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from mixcpt_monitor.cells import CellKey, CellState
from mixcpt_monitor.webhook import CellEvent, EventFinder, Webhook

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
    statuses: list[int]
    bodies: list[bytes]

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.statuses.pop(0))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_tries_again_until_the_webhook_takes_the_event() -> None:
    Receiver.statuses, Receiver.bodies = [503, 500, 200], []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    delays: list[float] = []
    lines: list[str] = []
    webhook = Webhook(f"http://127.0.0.1:{server.server_port}/secret-part", report=lines.append, sleep=delays.append)
    webhook.add(CellEvent("done", TRAINING))
    webhook.send_next()
    server.shutdown()
    assert (len(Receiver.bodies), delays) == (3, [1.0, 2.0])
    assert lines == ["webhook: it answered with status 503; trying again: dev: Tiny-Mono-Alt done"]


def test_gives_up_in_the_end_and_never_prints_the_address() -> None:
    lines: list[str] = []
    for address in ("http://127.0.0.1:9/secret-part", "no address: secret-part"):
        webhook = Webhook(address, report=lines.append, sleep=lambda _: None)
        webhook.add(CellEvent("failed", TRAINING))
        webhook.send_next()
    assert [line for line in lines if "given up" in line] == ["webhook: given up: dev: Tiny-Mono-Alt failed"] * 2
    assert "secret-part" not in "".join(lines)


def test_a_full_queue_drops_events_and_does_not_block() -> None:
    lines: list[str] = []
    webhook = Webhook("http://127.0.0.1:9", report=lines.append)
    for _ in range(1001):
        webhook.add(CellEvent("done", TRAINING))
    assert lines == ["webhook: 1000 events wait; dropped: dev: Tiny-Mono-Alt done"]
