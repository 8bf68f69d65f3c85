import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from mixcpt_train.status_report import StatusReport, build_sender, count_tokens_per_step, read_first_start
from mixcpt_train.trainer_log import LogEntry


class Sent:
    """Keeps what is sent, or fails."""

    def __init__(self, fails: bool = False) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.fails = fails

    def __call__(self, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        if self.fails:
            raise OSError("connection refused")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _add(report: StatusReport, step: int, loss: float | None = None) -> None:
    report.add([LogEntry(step, 100, loss)])
    if report._thread:
        report._thread.join()


def test_reports_progress_time_left_speed_and_goodput() -> None:
    sent, clock = Sent(), Clock()
    report = StatusReport(sent, tokens_per_step=1000, started=900.0, clock=clock)
    _add(report, 10)
    clock.now += 50
    _add(report, 35, loss=2.5)
    status = sent.bodies[-1]["trainerStatus"]
    assert status["progressPercentage"] == 35
    assert status["estimatedRemainingSeconds"] == 130
    assert {each["name"]: float(each["value"]) for each in status["metrics"]} == {
        "step": 35,
        "loss": 2.5,
        "tokens_per_second": 500,
        "goodput": 0.466667,
    }


def test_reports_at_most_every_30_seconds_and_at_the_last_step() -> None:
    sent, clock = Sent(), Clock()
    report = StatusReport(sent, clock=clock, last_step=50)
    for step in (10, 20, 30):
        clock.now += 5
        _add(report, step)
    assert len(sent.bodies) == 1
    _add(report, 50)
    assert sent.bodies[-1]["trainerStatus"]["progressPercentage"] == 100


def test_an_unreachable_controller_is_named_once_and_does_not_stop_the_training() -> None:
    lines: list[str] = []
    clock = Clock()
    report = StatusReport(Sent(fails=True), clock=clock, report=lines.append)
    for step in (10, 20, 30):
        clock.now += 60
        _add(report, step)
    assert lines == ["the status of the TrainJob cannot be updated (connection refused); training goes on"]


def test_sends_nothing_without_the_controllers_variables_and_from_other_nodes() -> None:
    variables = {f"KUBEFLOW_TRAINER_SERVER_{name}": "x" for name in ("URL", "CA_CERT", "TOKEN")}
    assert build_sender({}) is None
    assert build_sender({**variables, "PET_NODE_RANK": "1"}) is None
    assert build_sender({**variables, "PET_NODE_RANK": "0"}) is not None
    _add(StatusReport(None), 10)


def test_posts_the_status_with_the_token_of_the_pod(tmp_path: Path) -> None:
    requests: list[tuple[str, str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append((self.path, self.headers["Authorization"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    token = tmp_path / "token"
    token.write_text("abc\n")
    send = build_sender(
        {
            "KUBEFLOW_TRAINER_SERVER_URL": f"http://127.0.0.1:{server.server_port}/status",
            "KUBEFLOW_TRAINER_SERVER_CA_CERT": "ca.crt",
            "KUBEFLOW_TRAINER_SERVER_TOKEN": str(token),
        }
    )
    assert send is not None
    send({"trainerStatus": {}})
    server.shutdown()
    assert requests == [("/status", "Bearer abc", {"trainerStatus": {}})]


def test_counts_the_tokens_of_a_step() -> None:
    recipe = {"cutoff_len": 2048, "per_device_train_batch_size": 4, "gradient_accumulation_steps": 8}
    assert count_tokens_per_step(recipe, 16) == 2048 * 4 * 8 * 16
    assert count_tokens_per_step(recipe, None) is None
    assert count_tokens_per_step({}, 16) is None


def test_reads_the_start_of_the_first_attempt() -> None:
    assert read_first_start([{"started": "1970-01-01T00:01:00+00:00"}, {}]) == 60
    assert read_first_start([]) is None
    assert read_first_start(["damaged"]) is None


def test_a_log_without_a_number_of_steps_does_not_end_the_training() -> None:
    messages: list[str] = []
    StatusReport(Sent(), report=messages.append).add([LogEntry(0, 0, None)])
    assert len(messages) == 1
