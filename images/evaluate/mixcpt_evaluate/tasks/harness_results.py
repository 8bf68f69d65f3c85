"""Turns the results of lm-evaluation-harness into this project's scores."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mixcpt_evaluate.score_files import Score
from mixcpt_evaluate.tasks.harness_definition import HarnessBenchmark
from mixcpt_store.errors import InputError

# The harness gives shares of 1 for these; the report shows shares in percent.
_SHARES = ("acc", "acc_norm", "acc_mutual_info", "acc_bytes", "exact_match", "f1", "mcc")


def build_score(benchmark: HarnessBenchmark, results: Mapping[str, Any], *, seed: int, backend: str) -> Score:
    """Reads the metric from the harness's results of one task.

    Raises InputError for a filter that the task does not have.
    """
    (name,) = results["configs"]
    values = results["results"][name]
    if benchmark.result_key not in values:
        allowed = ", ".join(key for key in values if "," in key and "_stderr," not in key)
        raise InputError(f"spec.benchmark.metric: {name} has no {benchmark.result_key}; allowed: {allowed}")
    value = float(values[benchmark.result_key])
    scale = 100 if benchmark.metric_name in _SHARES else 1
    signature = build_signature(
        benchmark, version=results["versions"][name], shots=results["n-shot"][name], seed=seed, backend=backend
    )
    return Score(benchmark.metric, round(scale * value, 4), signature)


def build_signature(benchmark: HarnessBenchmark, *, version: object, shots: int, seed: int, backend: str) -> str:
    """Returns what decides the value apart from the language, so that all languages of a benchmark have the same."""
    tasks = benchmark.task or f"{benchmark.name}@{_hash_tasks(benchmark.tasks)}"
    data = f"|data:{shorten_commit(benchmark.dataset)}" if benchmark.dataset else ""
    return (
        f"lm_eval:{benchmark.version}|task:{tasks}|version:{version}|shots:{shots}|seed:{seed}|backend:{backend}{data}"
    )


def build_predictions(benchmark: HarnessBenchmark, samples: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns one prediction for each item. The prompts are in the harness's own file of samples."""
    wanted = benchmark.result_key.split(",", 1)[1]
    return [
        {
            "index_id": sample["doc_id"],
            "item": sample["doc_hash"],
            "answer": sample["filtered_resps"],
            "target": sample["target"],
            benchmark.metric_name: _convert_to_json(sample[benchmark.metric_name]),
        }
        for sample in samples
        if sample["filter"] == wanted
    ]


def _convert_to_json(value: object) -> object:
    """Converts numbers of numpy: F1 has a pair of them for each item."""
    return json.loads(json.dumps(value, default=lambda number: number.item()))


def _hash_tasks(tasks: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(tasks, sort_keys=True).encode()).hexdigest()[:8]


def shorten_commit(pinned: str) -> str:
    """Shortens the commit of `repository@commit` to seven digits. Returns a name without a commit unchanged."""
    repository, separator, commit = pinned.partition("@")
    return f"{repository}{separator}{commit[:7]}"
