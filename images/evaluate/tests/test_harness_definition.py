"""Benchmarks for lm-evaluation-harness: their spec, their scores and their signatures, without the harness itself."""

import json
from pathlib import Path
from typing import Any

import numpy
import pytest

from mixcpt_evaluate.main import VERBS
from mixcpt_evaluate.tasks.harness import run_lm_eval
from mixcpt_evaluate.tasks.harness_definition import HarnessBenchmark, read_harness_benchmark
from mixcpt_evaluate.tasks.harness_results import build_predictions, build_score
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec

DEFINITION = {
    "kind": "lm-eval",
    "name": "belebele",
    "harness": "0.4.13",
    "task": "belebele_{language}",
    "metric": "acc",
    "items": 900,
    "dataset": f"facebook/belebele@{'1' * 40}",
}
RESULTS = {
    "configs": {"belebele_zul_Latn": {}},
    "results": {"belebele_zul_Latn": {"alias": "x", "acc,none": 0.25, "acc_stderr,none": "N/A", "ppl,none": 3.5}},
    "versions": {"belebele_zul_Latn": 0.0},
    "n-shot": {"belebele_zul_Latn": 3},
}


def read(**changes: object) -> HarnessBenchmark:
    spec = Spec({"benchmark": {**DEFINITION, **changes}})
    benchmark = read_harness_benchmark(spec)
    spec.finish()
    return benchmark


def score(benchmark: HarnessBenchmark) -> Any:
    return build_score(benchmark, RESULTS, seed=42, backend="transformers")


def test_is_a_verb() -> None:
    assert VERBS["lm-eval"] is run_lm_eval


def test_gives_a_share_in_percent_and_any_other_metric_unchanged() -> None:
    assert (score(read()).metric, score(read()).value) == ("acc", 25.0)
    assert score(read(metric="ppl")).value == 3.5


def test_names_harness_task_version_shots_and_data_in_a_signature_that_all_languages_have() -> None:
    assert score(read()).signature == (
        "lm_eval:0.4.13|task:belebele_{language}|version:0.0|shots:3|seed:42|backend:transformers"
        "|data:facebook/belebele@1111111"
    )
    one, other = (score(read(task="", tasks={"zul_Latn": name})).signature for name in ("a", "b"))
    assert one.startswith("lm_eval:0.4.13|task:belebele@")
    assert one != other


def test_finds_the_task_of_each_language() -> None:
    assert read().get_task_name("zul_Latn") == "belebele_zul_Latn"
    tasks = read(task="", tasks={"zul_Latn": "afrixnli_zul_prompt_1"})
    assert tasks.get_task_name("zul_Latn") == "afrixnli_zul_prompt_1"
    with pytest.raises(InputError, match="has no task for xho_Latn; it has zul_Latn"):
        tasks.get_task_name("xho_Latn")


def test_reads_downloaded_data_from_their_folder_and_copied_data_from_the_one_with_its_name() -> None:
    assert read().locate_data(Path("/store/benchmarks/belebele-1")) == Path("/store/benchmarks/belebele-1")
    assert read(dataset="").locate_data(Path("/store/inputs/benchmarks")) == Path("/store/inputs/benchmarks/belebele")


def test_keeps_the_items_of_the_metrics_filter() -> None:
    sample = {"doc_id": 0, "doc_hash": "f0", "filtered_resps": ["A"], "target": "A", "exact_match": 1.0}
    samples = [{**sample, "filter": name} for name in ("strict-match", "flexible-extract")]
    assert build_predictions(read(metric="exact_match,strict-match"), samples) == [
        {"index_id": 0, "item": "f0", "answer": ["A"], "target": "A", "exact_match": 1.0}
    ]


def test_keeps_the_pair_that_the_harness_has_for_each_item_of_f1() -> None:
    item = {"doc_id": 0, "doc_hash": "f0", "filtered_resps": [], "target": "1", "filter": "none"}
    (prediction,) = build_predictions(read(metric="f1"), [{**item, "f1": (1, numpy.int64(0))}])
    assert json.dumps(prediction["f1"]) == "[1, 0]"


def test_names_the_filters_of_a_task_that_has_another_one() -> None:
    with pytest.raises(InputError, match="belebele_zul_Latn has no acc,strict; allowed: acc,none, ppl,none"):
        score(read(metric="acc,strict"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"task": ""}, "spec.benchmark.task or tasks must be given, and not both"),
        ({"tasks": {"zul_Latn": "x"}}, "spec.benchmark.task or tasks must be given, and not both"),
        ({"task": "belebele"}, "'belebele'; it must contain {language}, or use tasks: a task per language"),
    ],
)
def test_rejects_a_spec_without_one_task_per_language(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("{", "\\{")):
        read(**changes)
