"""Makes the fixture modules of this folder importable, and provides the fixtures of publishing."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

from http_fixture import serve_in_thread
from publish_fixture import RECIPE, FakeApiHandler, FakeApiServer

from mixcpt_evaluate.publish.publish_spec import PublishSpec, read_publish_spec
from mixcpt_store.spec import Spec


@pytest.fixture
def server() -> Iterator[FakeApiServer]:
    server = FakeApiServer(("127.0.0.1", 0), FakeApiHandler)
    server.requests = []
    with serve_in_thread(server):
        yield server


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
    attempts = [{"image": "mixcpt.local/llama-factory:0"}, {"image": "mixcpt.local/llama-factory:2"}]
    record = {"corpus": str(tmp_path / "corpus"), "model": "/store/models/m", "recipe": RECIPE, "attempts": attempts}
    (tmp_path / "run" / "run.yaml").write_text(yaml.safe_dump(record))
    (tmp_path / "run" / "trainer_log.jsonl").write_text(
        '{"current_steps": 2, "loss": 3.5, "elapsed_time": "0:00:07"}\n'
    )
    value = {
        "run": "tiny-mono-alt-00000000",
        "cell": "Tiny-Mono-Alt",
        "scores": [str(tmp_path / "scores" / "sib200"), str(tmp_path / "scores" / "flores200")],
        "expected": [
            {"scores": str(tmp_path / "scores" / "sib200"), "benchmark": "sib200", "languages": ["zul_Latn"]},
        ],
        "runDirectory": str(tmp_path / "run"),
        "checkpoint": "/store/runs/r/checkpoint-4",
        "devices": 16,
        "image": "mixcpt.local/llama-factory:1",
        "evaluationImage": "mixcpt.local/evaluate:1",
        "configMap": {"namespace": "mixcpt", "name": "scores-tiny", "labels": {"a": "b"}, "annotations": {}},
    }
    return read_publish_spec(Spec(value))
