"""Publishing: the ConfigMap has the content of the score files, and the API server's errors are reported."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from mixcpt_evaluate.publish.api_server import ApiServer, find_cluster_api_server
from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_scores import publish_scores
from mixcpt_evaluate.publish.publish_spec import PublishSpec, read_publish_spec
from mixcpt_evaluate.publish.training_log import MAX_LOSS_POINTS, read_training_log
from mixcpt_store.errors import InputError, RetryableError
from mixcpt_store.spec import Spec

_RECIPE = {"learning_rate": 0.00004, "deepspeed": {"zero_optimization": {"stage": 3}}}


class _FakeApiServer(HTTPServer):
    status = 200
    requests: list[tuple[str, str, dict[str, object]]]


class _FakeApiHandler(BaseHTTPRequestHandler):
    server: _FakeApiServer

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b'{"message": "forbidden: configmaps"}')

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_FakeApiServer]:
    server = _FakeApiServer(("127.0.0.1", 0), _FakeApiHandler)
    server.requests = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def publish(tmp_path: Path) -> PublishSpec:
    score = {
        "benchmark": "sib200",
        "language": "zul_Latn",
        "direction": None,
        "items": 10,
        "checkpoint": "/store/runs/r/checkpoint-4",
        "scores": [{"metric": "accuracy", "value": 40.0, "signature": "s"}],
        "predictions": "zul_Latn.predictions.jsonl",
    }
    (tmp_path / "scores" / "sib200").mkdir(parents=True)
    (tmp_path / "scores" / "sib200" / "zul_Latn.json").write_text(json.dumps(score))
    (tmp_path / "run").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "STATS.json").write_text('{"total": {"rows": 3}}')
    record = {"corpus": str(tmp_path / "corpus"), "model": "/store/models/m", "recipe": _RECIPE}
    (tmp_path / "run" / "run.yaml").write_text(yaml.safe_dump(record))
    (tmp_path / "run" / "trainer_log.jsonl").write_text(
        '{"current_steps": 2, "loss": 3.5, "elapsed_time": "0:00:07"}\n'
    )
    value = {
        "run": "tiny-mono-alt-00000000",
        "cell": "Tiny-Mono-Alt",
        "scores": [str(tmp_path / "scores" / "sib200"), str(tmp_path / "scores" / "flores200")],
        "runDirectory": str(tmp_path / "run"),
        "checkpoint": "/store/runs/r/checkpoint-4",
        "devices": 16,
        "image": "mixcpt.local/llama-factory:1",
        "evaluationImage": "mixcpt.local/evaluate:1",
        "configMap": {"namespace": "mixcpt", "name": "scores-tiny", "labels": {"a": "b"}, "annotations": {}},
    }
    return read_publish_spec(Spec(value))


def _build_client(server: _FakeApiServer) -> ApiServer:
    return ApiServer(f"http://127.0.0.1:{server.server_port}", "secret", None)


def test_publishes_scores_loss_recipe_and_provenance(publish: PublishSpec, server: _FakeApiServer) -> None:
    publish_scores(lambda: _build_client(server), publish)
    ((path, authorization, body),) = server.requests
    assert path == "/api/v1/namespaces/mixcpt/configmaps/scores-tiny?fieldManager=mixcpt-publish&force=true"
    assert authorization == "Bearer secret"
    assert body["metadata"]["labels"] == {"a": "b", "mixcpt.io/kind": "scores"}  # type: ignore[index]
    content = json.loads(body["data"]["scores.json"])  # type: ignore[index]
    assert content["scores"] == [
        {
            "benchmark": "sib200",
            "language": "zul_Latn",
            "direction": None,
            "items": 10,
            "metric": "accuracy",
            "value": 40.0,
            "signature": "s",
            "file": str(publish.scores[0] / "zul_Latn.json"),
        }
    ]
    assert content["loss"] == [[2, 3.5]]
    assert content["training"] == {"steps": 2, "seconds": 7, "devices": 16}
    assert content["recipe"] == _RECIPE
    assert "corpus" not in content, "corpus statistics can have any size, and a ConfigMap is limited to 1 MiB"
    assert content["image"] == "mixcpt.local/llama-factory:1"
    assert content["evaluationImage"] == "mixcpt.local/evaluate:1"


def test_publishes_a_base_model_with_scores_and_without_training(publish: PublishSpec) -> None:
    content = collect_results(replace(publish, run_directory=None, devices=None))
    assert content["scores"]
    assert (content["loss"], content["recipe"]) == ([], None)
    assert set(content["training"].values()) == {None}


def test_publishes_scores_without_a_recipe_when_the_run_left_no_record(publish: PublishSpec) -> None:
    assert publish.run_directory
    (publish.run_directory / "run.yaml").unlink()
    content = collect_results(publish)
    assert content["scores"]
    assert content["recipe"] is None


def test_accepts_a_spec_without_training() -> None:
    value = {
        "run": "tiny-base-00000000",
        "cell": "Tiny-base",
        "scores": ["/store/scores/tiny-base-00000000/sib200-11111111"],
        "checkpoint": "/store/models/tiny-22222222",
        "configMap": {"namespace": "mixcpt", "name": "scores-tiny-base-00000000"},
    }
    publish = read_publish_spec(Spec(value))
    assert (publish.run_directory, publish.devices) == (None, None)


def test_reports_the_servers_message_when_it_rejects_the_config_map(
    publish: PublishSpec, server: _FakeApiServer
) -> None:
    server.status = 403
    with pytest.raises(
        InputError, match=r"configmaps/scores-tiny: the API server returned status 403.*forbidden: configmaps"
    ):
        publish_scores(lambda: _build_client(server), publish)


@pytest.mark.parametrize("status", [401, 409, 429, 500, 503])
def test_raises_a_retryable_error_on_a_busy_server(publish: PublishSpec, server: _FakeApiServer, status: int) -> None:
    server.status = status
    with pytest.raises(RetryableError, match=rf"configmaps/scores-tiny: the API server returned status {status}"):
        publish_scores(lambda: _build_client(server), publish)


def test_raises_a_retryable_error_on_an_unreachable_server(publish: PublishSpec) -> None:
    with pytest.raises(RetryableError, match=r"http://127\.0\.0\.1:9: the API server did not respond: .*refused"):
        publish_scores(lambda: ApiServer("http://127.0.0.1:9", "secret", None), publish)


def test_rejects_a_pod_without_a_service_account(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mounted service account"):
        find_cluster_api_server(tmp_path)


def test_counts_each_step_of_a_resumed_run_once_and_the_time_of_all_attempts(tmp_path: Path) -> None:
    lines = [(2, 5.0, "0:00:04"), (4, 4.0, "0:00:08"), (4, 4.5, "0:00:03"), (6, 3.0, "0:00:06")]
    path = tmp_path / "trainer_log.jsonl"
    entries = [{"current_steps": s, "total_steps": 6, "loss": loss, "elapsed_time": t} for s, loss, t in lines]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + '{"current_st')
    log = read_training_log(path)
    assert log.loss == [(2, 5.0), (4, 4.5), (6, 3.0)]
    assert (log.steps, log.seconds) == (6, 14)


def test_reduces_a_long_loss_curve_and_keeps_its_ends(tmp_path: Path) -> None:
    path = tmp_path / "trainer_log.jsonl"
    path.write_text("".join(f'{{"current_steps": {step}, "loss": 1.0}}\n' for step in range(1, 5001)))
    loss = read_training_log(path).loss
    assert len(loss) == MAX_LOSS_POINTS
    assert (loss[0][0], loss[-1][0]) == (1, 5000)
