"""A finished run in a store, and the spec of its export."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from checkpoint_fixture import write_checkpoint

from mixcpt_store.complete import mark_complete

HERE = Path(__file__).parent
_PACKAGES = [HERE.parent, HERE.parents[1] / "base"]
RUN = "l3-bi-code-stag-0a1b2c3d"


def write_finished_run(store: Path) -> Path:
    """Writes a run with the checkpoint 4500, its corpus and scores, and returns its folder."""
    run = store / "runs" / RUN
    mark_complete(write_checkpoint(run / "checkpoint-4500"))
    attempt = {
        "started": "2026-11-24T05:58:02+00:00",
        "image": "site/llama-factory@sha256:1",
        "versions": {"torch": "2.6"},
    }
    record = {"recipe": {"learning_rate": 4.0e-5, "seed": 42}, "attempts": [attempt]}
    (run / "run.yaml").write_text(yaml.safe_dump(record))
    mark_complete(run, {"checkpoint": "checkpoint-4500"})
    corpus = store / "corpora" / "bi-code-stag-1"
    corpus.mkdir(parents=True)
    counts = {"rows": 2, "words": 30, "characters": 200}
    (corpus / "STATS.json").write_text(json.dumps({"total": counts, "languages": {"tha_Thai": counts}}))
    scores = store / "scores" / RUN / "sib200-1"
    scores.mkdir(parents=True)
    score = {"metric": "accuracy", "value": 61.7647, "signature": "s"}
    value = {"benchmark": "sib200", "language": "tha_Thai", "direction": None, "items": 204, "scores": [score]}
    (scores / "tha_Thai.json").write_text(json.dumps(value))
    (scores / "tha_Thai.predictions.jsonl").write_text("{}\n")
    return run


def build_export_spec(store: Path, **changes: Any) -> dict[str, Any]:
    run = store / "runs" / RUN
    return {
        "output": str(store / "exports" / f"{RUN}-1"),
        "checkpoint": str(run / "checkpoint-4500"),
        "run": str(run),
        "model": str(store / "models" / "base"),
        "corpus": str(store / "corpora" / "bi-code-stag-1"),
        "scores": [str(store / "scores" / RUN / "sib200-1")],
        "card": {
            "cell": "L3-Bi+Code-Stag",
            "stack": "llama-3.1",
            "mixture": "Bi+Code",
            "languages": ["en", "th"],
            "trainingLanguages": ["Thai", "Yoruba"],
            "base": {"title": "Llama 3.1 8B", "repository": "meta-llama/Meta-Llama-3.1-8B", "revision": "d" * 40},
            "license": "llama3.1",
            "sources": [
                {"name": "nllb"},
                {"name": "the-stack", "repository": "bigcode/the-stack-dedup", "revision": "e" * 40},
            ],
            "devices": 8,
            "tokensPerStep": 65536,
        },
        **changes,
    }


def write_mixture(store: Path) -> Path:
    """Writes a mixture with pairs and code, and returns its folder."""
    corpus = store / "corpora" / "bi-code-stag-1"
    corpus.mkdir(parents=True)
    (corpus / "train.jsonl").write_text('{"text": "[English]: Good day\\n[Thai]: สวัสดี"}\n{"text": "print(1)"}\n')
    pair, code = {"rows": 1, "words": 4, "characters": 36}, {"rows": 1, "words": 1, "characters": 8}
    statistics = {
        "unit": "rows, whitespace-separated words, characters",
        "total": {"rows": 2, "words": 5, "characters": 44},
        "sources": {"nllb": pair, "the-stack": code},
        "sourcesByLanguage": {"nllb": {"eng_Latn-tha_Thai": pair}, "the-stack": {"code": code}},
        "filter": {"nllb": {"eng_Latn-tha_Thai": {"read": 3, "kept": 1, "dropped": {"language": 2}}}, "the-stack": {}},
        "short": [{"source": "the-stack", "languages": [], "unit": "tokens", "asked": 5000, "got": 4}],
        "repeated": {"nllb": {"eng_Latn-tha_Thai": 3}},
    }
    (corpus / "STATS.json").write_text(json.dumps(statistics))
    mark_complete(corpus)
    return corpus


def build_data_export_spec(store: Path, **changes: Any) -> dict[str, Any]:
    return {
        "output": str(store / "exports" / "bi-code-stag-1-1"),
        "corpus": str(store / "corpora" / "bi-code-stag-1"),
        "card": {
            "mixture": "Bi+Code-Stag",
            "stack": "corpora",
            "languages": ["en", "th"],
            "textLanguages": ["English", "Thai"],
            "licenses": ["unknown", "other"],
            "sources": [
                {"name": "nllb"},
                {
                    "name": "the-stack",
                    "repository": "bigcode/the-stack-dedup",
                    "revision": "e" * 40,
                    "license": "other",
                },
            ],
        },
        **changes,
    }


def run_export_command(
    spec: dict[str, Any], verb: str = "model", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mixcpt_export.main", verb],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/tmp"),
            "PYTHONPATH": os.pathsep.join(map(str, [*_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])])),
            "MIXCPT_SPEC": yaml.safe_dump(spec),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
