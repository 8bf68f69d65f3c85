"""Independent units: a failure ends its unit, is recorded, and is tried again only where that may help."""

import errno
import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from torch_fixture import write_torch_stub
from units_fixture import LANGUAGES, UNITS, Pods, build_units_task

from mixcpt_evaluate.run_units import run_units
from mixcpt_evaluate.score_files import EvaluationUnit
from mixcpt_evaluate.task_spec import TaskSpec
from mixcpt_evaluate.unit_failures import UnitFailure, read_failure
from mixcpt_store.errors import BrokenNodeError, InputError


class EngineDeadError(Exception):
    """As vLLM's: from then on every call raises it."""


@pytest.fixture
def task(tmp_path: Path) -> TaskSpec:
    return build_units_task(tmp_path)


def _list_failures(task: TaskSpec) -> list[UnitFailure]:
    return [failure for unit in UNITS if (failure := read_failure(task.output, unit))]


def test_ends_with_0_after_a_permanent_failure_which_it_records_with_its_error_and_the_advice(task: TaskSpec) -> None:
    pods = Pods(task, {"eng_Latn": KeyError("bos")})
    assert pods.run() == 0
    assert pods.list_scored() == ["deu_Latn", "xho_Latn", "zul_Latn"]
    (failure,) = _list_failures(task)
    assert (failure.unit, failure.permanent, failure.job) == (UNITS[1], True, "job-1")
    assert failure.error.startswith("KeyError: 'bos' (units_fixture.py, line")
    assert failure.error.endswith(")")
    assert (failure.advice or "").startswith("another attempt would fail in the same way")


def test_ends_with_2_after_a_permanent_failure_where_no_job_runs_it(task: TaskSpec) -> None:
    def fail(_: EvaluationUnit) -> None:
        raise InputError("broken")

    assert run_units(task, UNITS[:1], lambda: fail, {}) == 2


def test_tries_a_failure_that_may_pass_three_times_and_then_gives_it_up(task: TaskSpec) -> None:
    pods = Pods(task, {"eng_Latn": RuntimeError("stale"), "xho_Latn": TypeError("no")})
    codes = [(pods.run(attempt), pods.tried) for attempt in range(4)]
    assert codes == [
        (1, LANGUAGES),
        (1, ["eng_Latn"]),
        (0, ["eng_Latn"]),
        (0, []),
    ]
    assert [failure.unit.language for failure in _list_failures(task)] == ["eng_Latn", "xho_Latn"]


def test_scores_a_unit_that_succeeds_the_next_time_and_keeps_no_failure_of_it(task: TaskSpec) -> None:
    errors: dict[str, BaseException] = {"eng_Latn": RuntimeError("stale")}
    pods = Pods(task, errors)
    assert pods.run() == 1
    errors.clear()
    assert pods.run() == 0
    assert (pods.list_scored(), _list_failures(task)) == (LANGUAGES, [])
    assert {path.suffix for path in task.output.iterdir()} == {".json", ".jsonl"}


def test_leaves_the_other_units_to_the_next_pod_after_the_end_of_the_engine(task: TaskSpec) -> None:
    pods = Pods(task, {"deu_Latn": EngineDeadError("EngineCore encountered an issue")})
    assert (pods.run(), pods.tried) == (1, ["deu_Latn"])
    assert (pods.run(), pods.tried) == (1, ["eng_Latn", "xho_Latn", "zul_Latn", "deu_Latn"])
    assert pods.list_scored() == ["eng_Latn", "xho_Latn", "zul_Latn"]
    assert [failure.permanent for failure in _list_failures(task)] == [False]


def test_evaluates_on_a_good_node_the_units_that_pods_on_a_bad_node_tried_once_each(task: TaskSpec) -> None:
    bad = Pods(task, dict.fromkeys(LANGUAGES, RuntimeError("HIP error: unspecified launch failure")))
    assert [(bad.run(attempt), bad.tried) for attempt in range(4)] == [(1, [language]) for language in LANGUAGES]
    good = Pods(task, {})
    assert good.run(4) == 0
    assert good.list_scored() == LANGUAGES


def test_a_gpu_that_is_broken_after_it_was_lost_is_the_fault_of_the_node(
    task: TaskSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    pods = Pods(replace(task, on_gpu=True), {"deu_Latn": RuntimeError("HIP error: illegal state")})
    write_torch_stub(tmp_path, count=0)
    with pytest.raises(BrokenNodeError, match="the GPUs of this node are broken: torch sees 0 of 1"):
        pods.run()
    write_torch_stub(tmp_path, count=1)
    assert pods.run() == 1, "the GPU computes, so the failure counts"


def test_counts_the_loss_of_the_device_only_where_the_same_unit_meets_it_again(task: TaskSpec) -> None:
    pods = Pods(task, {"deu_Latn": RuntimeError("HIP error: illegal state")})
    tries = []
    codes = []
    for attempt in range(4):
        codes.append(pods.run(attempt))
        tries += [failure.tries for failure in _list_failures(task)]
    assert (codes, tries) == ([1, 1, 1, 0], [0, 1, 2, 3])


def test_gives_up_in_the_last_pod_of_a_job_so_that_the_other_scores_are_published(task: TaskSpec) -> None:
    pods = Pods(task, {language: RuntimeError("HIP error") for language in LANGUAGES[:3]})
    assert [pods.run(attempt) for attempt in range(7)] == [1, 1, 1, 1, 1, 1, 0]
    assert pods.list_scored() == ["zul_Latn"]


def test_records_a_unit_during_which_the_process_ends_and_tries_it_last(task: TaskSpec) -> None:
    def end_process(_: EvaluationUnit) -> None:
        os._exit(139)

    environment = {"MIXCPT_JOB": "job-1"}
    child = os.fork()
    if child == 0:
        run_units(task, UNITS, lambda: end_process, environment)
    os.waitpid(child, 0)
    (failure,) = _list_failures(task)
    assert failure.error.startswith("the pod ended while it evaluated this unit")
    pods = Pods(task, {})
    assert pods.run(1) == 0
    assert pods.tried == ["eng_Latn", "xho_Latn", "zul_Latn", "deu_Latn"]


def test_does_not_count_a_signal_as_a_failure_of_the_unit(task: TaskSpec) -> None:
    with pytest.raises(SystemExit):
        Pods(task, {"deu_Latn": SystemExit(143)}).run()
    assert _list_failures(task) == []


@pytest.mark.parametrize("interruption", [SystemExit(143), OSError(errno.ENOSPC, "No space left on device")])
def test_keeps_the_reason_of_an_earlier_failure_when_an_attempt_ends_without_one(
    task: TaskSpec, interruption: BaseException
) -> None:
    errors: dict[str, BaseException] = {"deu_Latn": RuntimeError("stale")}
    pods = Pods(task, errors)
    pods.run()
    before = _list_failures(task)
    errors["deu_Latn"] = interruption
    with suppress(SystemExit):
        assert pods.run(1) == 2
    assert _list_failures(task) == before
    assert before[0].error.startswith("RuntimeError: stale")


def test_keeps_the_earlier_reason_when_a_failure_cannot_be_recorded(
    task: TaskSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods = Pods(task, {"deu_Latn": RuntimeError("stale")})
    pods.run()
    before = _list_failures(task)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("mixcpt_evaluate.run_units.write_failure", fail)
    assert pods.run(1) == 1
    assert _list_failures(task) == before


def test_tries_all_units_again_in_the_pods_of_another_job_which_may_have_another_image(task: TaskSpec) -> None:
    assert Pods(task, {"eng_Latn": KeyError("bos"), "xho_Latn": RuntimeError("HIP error")}).run() == 1
    pods = Pods(task, {}, job="job-2")
    assert (pods.run(2), pods.tried) == (0, ["eng_Latn", "xho_Latn", "zul_Latn"])
    assert pods.list_scored() == LANGUAGES


def test_reports_only_units_that_have_a_score_as_done(task: TaskSpec, capsys: pytest.CaptureFixture[str]) -> None:
    Pods(task, {"eng_Latn": KeyError("bos")}).run()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "progress" in line]
    assert [(line["done"], line["total"]) for line in lines] == [(0, 4), (1, 4), (2, 4), (3, 4)]
