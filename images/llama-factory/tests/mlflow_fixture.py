"""An MLflow server that knows the requests of a training, and keeps all in memory."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from http_fixture import serve_in_thread

from mixcpt_train.mlflow_tracker import MlflowTracker
from mixcpt_train.tracker import TrackerFeed

TAGS = {"run": "tiny-bi-alt-0a", "cell": "Tiny-Bi-Alt"}


class FakeMlflow(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeMlflowHandler)
        self.experiments: dict[str, str] = {}
        self.runs: dict[str, dict[str, Any]] = {}
        # With a status, every request is refused by it.
        self.refusal = 0
        # With a text, every response is this one, as by a proxy.
        self.page = ""
        self.logins: set[str] = set()
        self.address = ""

    def list_steps(self, name: str) -> list[int]:
        """Returns the steps of a metric in the order in which they were logged to the only run."""
        [run] = self.runs.values()
        return [metric["step"] for metric in run["metrics"] if metric["key"] == name]


@contextmanager
def serve_mlflow() -> Iterator[FakeMlflow]:
    server = FakeMlflow()
    with serve_in_thread(server) as server.address:
        yield server


class FakeMlflowHandler(BaseHTTPRequestHandler):
    server: FakeMlflow

    def do_GET(self) -> None:
        [name] = parse_qs(urlsplit(self.path).query)["experiment_name"]
        found = self.server.experiments.get(name)
        self._respond({"experiment": {"experiment_id": found}} if found else {}, 200 if found else 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._respond(getattr(self, "_" + self.path.removeprefix("/api/2.0/mlflow/").translate({47: 95, 45: 95}))(body))

    def _experiments_create(self, body: dict[str, Any]) -> dict[str, Any]:
        self.server.experiments[body["name"]] = str(len(self.server.experiments))
        return {"experiment_id": self.server.experiments[body["name"]]}

    def _runs_search(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = body["filter"].removeprefix("tags.run = ").strip("'")
        return {"runs": [_describe(run) for run in self.server.runs.values() if run["tags"]["run"] == wanted]}

    def _runs_create(self, body: dict[str, Any]) -> dict[str, Any]:
        run_id = f"id{len(self.server.runs)}"
        tags = {tag["key"]: tag["value"] for tag in body["tags"]}
        self.server.runs[run_id] = {"id": run_id, "statuses": ["RUNNING"], "tags": tags, "metrics": [], "params": []}
        return {"run": _describe(self.server.runs[run_id])}

    def _runs_log_batch(self, body: dict[str, Any]) -> dict[str, Any]:
        run = self.server.runs[body["run_id"]]
        for kind in ("metrics", "params"):
            run[kind] += body.get(kind, [])
        return {}

    def _runs_update(self, body: dict[str, Any]) -> dict[str, Any]:
        self.server.runs[body["run_id"]]["statuses"].append(body["status"])
        return {}

    def _respond(self, content: dict[str, Any], status: int = 200) -> None:
        self.server.logins.add(self.headers.get("Authorization", ""))
        self.send_response(self.server.refusal or status)
        self.end_headers()
        self.wfile.write((self.server.page or json.dumps(content)).encode())

    def log_message(self, *_: object) -> None: ...


def _describe(run: dict[str, Any]) -> dict[str, Any]:
    """Returns a run as the server does, with the last step of each metric."""
    last = {metric["key"]: metric for metric in sorted(run["metrics"], key=lambda metric: metric["step"])}
    data = {"metrics": list(last.values()), "params": run["params"]}
    return {"info": {"run_id": run["id"], "status": run["statuses"][-1]}, "data": data}


def build_mlflow_feed(run: Path, server: FakeMlflow, clock: list[float], **environment: str) -> TrackerFeed:
    tracker = MlflowTracker(
        server.address, "dev", tags=TAGS, parameters={"seed": 1, "deepspeed": {"stage": 3}}, environment=environment
    )
    return TrackerFeed(run, tracker, name="MLflow", clock=lambda: clock[0])


def write_log(run: Path, *steps: int, **values: float) -> None:
    """Adds lines to the log of a training: a loss, unless `values` say otherwise."""
    with (run / "trainer_log.jsonl").open("a") as file:
        for step in steps:
            file.write(json.dumps({"current_steps": step, **(values or {"loss": 5.0})}) + "\n")
