"""Units as islands: a failure ends its unit, is recorded, and is tried again only where that may help."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from benchmark_fixture import FixedBackend, build_task, write_benchmarks
from publish_fixture import FakeApiServer, build_client

from mixcpt_evaluate.publish.collect_results import collect_results
from mixcpt_evaluate.publish.publish_scores import publish_scores
from mixcpt_evaluate.publish.publish_spec import PublishSpec
from mixcpt_evaluate.run_units import UnitEvaluator, run_units
from mixcpt_evaluate.score_files import EvaluationUnit, is_unit_finished
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.tasks.benchmark_definitions import SIB200
from mixcpt_evaluate.tasks.classification import build_classification_evaluator
from mixcpt_evaluate.unit_failures import list_failures
from mixcpt_store.complete import mark_complete
from mixcpt_store.errors import InputError

LANGUAGES = ["deu_Latn", "eng_Latn", "xho_Latn", "zul_Latn"]
UNITS = [EvaluationUnit("sib200", language) for language in LANGUAGES]


class EngineDeadError(Exception):
    """As vLLM's: from then on every call raises it."""


@pytest.fixture
def task(tmp_path: Path) -> TaskSpec:
    task = build_task(write_benchmarks(tmp_path, LANGUAGES), LANGUAGES)
    task.checkpoint.mkdir()
    mark_complete(task.checkpoint)
    return task


class _Pods:
    """The pods of a Job with one index: `errors` are raised by language; `tried` are the units of the last pod."""

    def __init__(self, task: TaskSpec, errors: dict[str, BaseException]) -> None:
        self._task, self._errors = task, errors
        self.tried: list[str] = []

    def run(self, failed_attempts: int) -> int:
        self.tried = []
        environment = {"MIXCPT_FAILED_ATTEMPTS": str(failed_attempts)}
        return run_units(self._task, UNITS, self._load_evaluator, environment)

    def list_scored(self) -> list[str]:
        return [unit.language for unit in UNITS if is_unit_finished(self._task.output, unit)]

    def _load_evaluator(self) -> UnitEvaluator:
        good = build_classification_evaluator(SIB200, self._task, FixedBackend())

        def evaluate_unit(unit: EvaluationUnit) -> None:
            self.tried.append(unit.language)
            if unit.language in self._errors:
                raise self._errors[unit.language]
            good(unit)

        return evaluate_unit


def test_ends_with_0_after_a_permanent_failure_which_it_records_with_its_reason(task: TaskSpec) -> None:
    pods = _Pods(task, {"eng_Latn": KeyError("bos")})
    assert pods.run(0) == 0
    assert pods.list_scored() == ["deu_Latn", "xho_Latn", "zul_Latn"]
    (failure,) = list_failures(task.output)
    assert (failure.unit, failure.permanent) == (UNITS[1], True)
    assert failure.reason.startswith("KeyError: 'bos' (test_islands.py, line")
    assert "\n" not in failure.reason


def test_ends_with_2_after_a_permanent_failure_where_no_job_runs_it(task: TaskSpec) -> None:
    def fail(_: EvaluationUnit) -> None:
        raise InputError("broken")

    assert run_units(task, UNITS[:1], lambda: fail, {}) == 2


def test_tries_a_failure_that_may_pass_again_and_gives_it_up_after_three_pods(task: TaskSpec) -> None:
    pods = _Pods(task, {"eng_Latn": RuntimeError("stale"), "xho_Latn": TypeError("no")})
    codes = [(pods.run(attempt), pods.tried) for attempt in range(4)]
    assert codes == [
        (1, LANGUAGES),
        (1, ["eng_Latn"]),
        (1, ["eng_Latn"]),
        (0, []),
    ]
    assert [failure.unit.language for failure in list_failures(task.output)] == ["eng_Latn", "xho_Latn"]


def test_scores_a_unit_that_succeeds_the_next_time_and_keeps_no_failure_of_it(task: TaskSpec) -> None:
    errors: dict[str, BaseException] = {"eng_Latn": RuntimeError("stale")}
    pods = _Pods(task, errors)
    assert pods.run(0) == 1
    errors.clear()
    assert pods.run(1) == 0
    assert (pods.list_scored(), list_failures(task.output)) == (LANGUAGES, [])
    assert not list(task.output.glob("*.failure"))


def test_leaves_the_other_units_to_the_next_pod_after_the_end_of_the_engine(task: TaskSpec) -> None:
    pods = _Pods(task, {"deu_Latn": EngineDeadError("EngineCore encountered an issue")})
    assert (pods.run(0), pods.tried) == (1, ["deu_Latn"])
    assert (pods.run(1), pods.tried) == (1, ["eng_Latn", "xho_Latn", "zul_Latn", "deu_Latn"])
    assert pods.list_scored() == ["eng_Latn", "xho_Latn", "zul_Latn"]
    assert [failure.permanent for failure in list_failures(task.output)] == [False]


class _Crash(BaseException):
    """Stands for the end of the process: a test lets it pass all handlers of the units."""


def test_records_a_unit_during_which_the_process_ends_and_tries_it_last(
    task: TaskSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods = _Pods(task, {"deu_Latn": _Crash()})
    with monkeypatch.context() as patch:
        patch.setattr("mixcpt_evaluate.library_errors._build_described_error", lambda error: error)
        with pytest.raises(_Crash):
            pods.run(0)
    (failure,) = list_failures(task.output)
    assert failure.reason.startswith("the pod ended while it evaluated this unit")
    pods.run(1)
    assert pods.tried == ["eng_Latn", "xho_Latn", "zul_Latn", "deu_Latn"]


def test_does_not_count_a_signal_as_a_failure_of_the_unit(task: TaskSpec) -> None:
    pods = _Pods(task, {"deu_Latn": SystemExit(143)})
    with pytest.raises(SystemExit):
        pods.run(0)
    assert list_failures(task.output) == []


def test_tries_all_units_again_in_the_first_pod_of_another_job(task: TaskSpec) -> None:
    errors: dict[str, BaseException] = {"eng_Latn": KeyError("bos")}
    pods = _Pods(task, errors)
    assert pods.run(0) == 0
    errors.clear()
    assert (pods.run(0), pods.tried) == (0, ["eng_Latn"])
    assert pods.list_scored() == LANGUAGES


def test_publishes_all_other_scores_and_then_fails_with_the_units_that_have_none(
    task: TaskSpec, publish: PublishSpec, server: FakeApiServer
) -> None:
    _Pods(task, {"eng_Latn": KeyError("bos")}).run(0)
    partial = replace(publish, scores=(task.output,))
    with pytest.raises(InputError, match=r"^no score for sib200 eng_Latn; .* reason: KeyError: 'bos'"):
        publish_scores(lambda: build_client(server), partial)
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


def test_names_the_first_failure_where_no_unit_has_a_score(task: TaskSpec, publish: PublishSpec) -> None:
    _Pods(task, {language: KeyError("bos") for language in LANGUAGES}).run(0)
    with pytest.raises(InputError, match=r"no score file <language>\.json found; 4 units failed, the first one: Key"):
        collect_results(replace(publish, scores=(task.output,)))
