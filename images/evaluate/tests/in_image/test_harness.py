"""The verb `lm-eval` on a tiny Llama and files in Belebele's format; needs torch and lm_eval, which the image has."""

import json
from pathlib import Path
from typing import Any

import pytest
from belebele_fixture import ITEMS, LANGUAGES, evaluate_belebele, write_belebele, write_belebele_store

from mixcpt_store.complete import mark_complete

# The task of one's own in docs/adding.md, with another metric.
OWN_TASK = """task: capitals_zul_Latn
dataset_name: zul_Latn
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}"
doc_to_choice: "{{choices}}"
doc_to_target: answer
metric_list: [{metric: acc}, {metric: mcc}]
metadata: {version: 1.0}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, a download of Belebele, and data copied by hand with task files."""
    store = write_belebele_store(tmp_path_factory.mktemp("store"))
    write_belebele(store / "own/capitals")
    (store / "own/capitals/zul_Latn.yaml").write_text(OWN_TASK)
    mark_complete(store / "own")
    return store


def read_score(output: Path, language: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((output / f"{language}.json").read_text())
    return value


def test_scores_a_task_of_the_harness_without_a_network(store: Path, tmp_path: Path) -> None:
    assert evaluate_belebele(store, tmp_path) == 0
    for language in LANGUAGES:
        score = read_score(tmp_path, language)
        assert (score["benchmark"], score["language"], score["items"]) == ("belebele", language, ITEMS)
        (accuracy,) = score["scores"]
        assert accuracy["metric"] == "acc"
        assert accuracy["signature"] == (
            "lm_eval:0.4.13|task:belebele_{language}|version:0.0|shots:1|seed:42|backend:transformers"
            "|data:facebook/belebele@aaaaaaa"
        )
        predictions = [json.loads(line) for line in (tmp_path / score["predictions"]).read_text().splitlines()]
        assert accuracy["value"] == round(100 * sum(item["acc"] for item in predictions) / ITEMS, 4)


def test_keeps_the_files_of_the_harness_itself(store: Path, tmp_path: Path) -> None:
    evaluate_belebele(store, tmp_path, languages=["zul_Latn"])
    (results,) = tmp_path.glob("zul_Latn.lm-eval/*/results_*.json")
    (samples,) = tmp_path.glob("zul_Latn.lm-eval/*/samples_belebele_zul_Latn_*.jsonl")
    value = json.loads(results.read_text())
    (score,) = read_score(tmp_path, "zul_Latn")["scores"]
    assert 100 * value["results"]["belebele_zul_Latn"]["acc,none"] == pytest.approx(score["value"], abs=1e-4)
    assert (value["lm_eval_version"], value["n-shot"]) == ("0.4.13", {"belebele_zul_Latn": 1})
    first = json.loads(samples.read_text(encoding="utf-8").split("\n")[0])
    assert first["doc"]["question"] == "What is 0?"


def test_scores_ones_own_tasks_in_the_folder_of_the_data(store: Path, tmp_path: Path) -> None:
    own = {"name": "capitals", "task": "capitals_{language}", "metric": "mcc", "dataset": ""}
    changes = {"benchmarks": str(store / "own"), "languages": ["zul_Latn"], "shots": 0}
    assert evaluate_belebele(store, tmp_path, benchmark=own, **changes) == 0
    (score,) = read_score(tmp_path, "zul_Latn")["scores"]
    assert score["signature"] == (
        "lm_eval:0.4.13|task:capitals_{language}|version:1.0|shots:0|seed:42|backend:transformers"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"items": 900}, "belebele_eng_Latn has 6 items; spec.benchmark.items is 900"),
        ({"metric": "f1"}, "is not scored by f1, which the task does not compute; allowed: acc, acc_norm"),
        ({"metric": "acc,strict"}, "has no acc,strict; allowed: acc,none, acc_norm,none"),
        ({"task": "belebelle_{language}"}, "has no task belebelle_eng_Latn; similar ones: belebele_eng_Latn"),
        ({"harness": "0.4.0"}, "0.4.0 is not the version of this image, 0.4.13"),
    ],
)
def test_names_what_does_not_fit_and_what_is_allowed(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], message: str
) -> None:
    try:
        assert evaluate_belebele(store, tmp_path, benchmark=changes) == 2
        text = capsys.readouterr().err
    except Exception as error:
        text = str(error)
    assert message in text


def test_a_language_without_a_task_ends_its_unit_only(store: Path, tmp_path: Path) -> None:
    tasks = {"eng_Latn": "belebele_eng_Latn", "zul_Latn": "belebele"}
    assert evaluate_belebele(store, tmp_path, benchmark={"task": "", "tasks": tasks}) == 2
    assert read_score(tmp_path, "eng_Latn")["items"] == ITEMS
    failure = json.loads((tmp_path / "zul_Latn.failure").read_text())
    assert "has a group of tasks, not a task, belebele" in failure["error"]
