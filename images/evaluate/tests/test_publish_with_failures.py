"""Publishing an evaluation of which units failed: all other scores, then an error with the missing ones."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from publish_fixture import FakeApiServer, build_client
from units_fixture import LANGUAGES, UNITS, Pods, build_units_task

from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_scores import publish_scores
from mixcpt_evaluate.publish.publish_spec import ExpectedUnits, PublishSpec
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_store.errors import InputError, RetryableError


@pytest.fixture
def task(tmp_path: Path) -> TaskSpec:
    return build_units_task(tmp_path)


def _build_publish(task: TaskSpec, publish: PublishSpec) -> PublishSpec:
    return replace(publish, scores=(task.output,), expected=(ExpectedUnits(task.output, tuple(UNITS)),))


def test_publishes_all_other_scores_and_then_fails_with_the_units_that_have_none(
    task: TaskSpec, publish: PublishSpec, server: FakeApiServer
) -> None:
    Pods(task, {"eng_Latn": KeyError("bos")}).run()
    with pytest.raises(InputError, match=r"^no score for sib200 eng_Latn; .* reason: KeyError: 'bos'"):
        publish_scores(lambda: build_client(server), _build_publish(task, publish))
    ((_, _, body),) = server.requests
    content = json.loads(body["data"]["scores.json"])  # type: ignore[index]
    assert [score["language"] for score in content["scores"]] == ["deu_Latn", "xho_Latn", "zul_Latn"]
    (failure,) = content["failures"]
    assert {**failure, "reason": ""} == {
        "benchmark": "sib200",
        "language": "eng_Latn",
        "direction": None,
        "reason": "",
    }
    assert failure["reason"].startswith("KeyError: 'bos' (")
    assert "attempt" not in failure["reason"]


def test_fails_for_a_unit_that_has_neither_a_score_nor_a_record(task: TaskSpec, publish: PublishSpec) -> None:
    Pods(task, {"eng_Latn": KeyError("bos")}).run()
    (task.output / "eng_Latn.failure").unlink()
    (failure,) = collect_results(_build_publish(task, publish))["failures"]
    assert failure["reason"] == "its evaluation left neither a score nor a reason"


def test_publishes_again_where_the_record_of_a_failure_cannot_be_read(task: TaskSpec, publish: PublishSpec) -> None:
    Pods(task, {"eng_Latn": KeyError("bos")}).run()
    record = task.output / "eng_Latn.failure"
    record.unlink()
    record.mkdir()
    with pytest.raises(RetryableError, match=r"eng_Latn\.failure: the record of a failure cannot be read"):
        collect_results(_build_publish(task, publish))


def test_names_the_first_failure_where_no_unit_has_a_score(task: TaskSpec, publish: PublishSpec) -> None:
    Pods(task, {language: KeyError("bos") for language in LANGUAGES}).run()
    with pytest.raises(InputError, match=r"no score file <language>\.json found; 4 units failed, the first one: Key"):
        collect_results(_build_publish(task, publish))
