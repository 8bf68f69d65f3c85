"""The rating of the ten prompts; the backend itself runs in the image's tests."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from mixcpt_evaluate import check_prompts as program
from mixcpt_evaluate.check_prompts import rate_prompts, report_prompts, run_prompt_check
from mixcpt_evaluate.task_spec import STUDY_SERVING, Serving
from mixcpt_store.errors import InputError
from mixcpt_store.spec import Spec


def make_process(code: int, errors: str = "") -> "CompletedProcess[str]":
    return CompletedProcess([], code, "", errors)


def test_answers_pass_and_say_which_backend_gave_them() -> None:
    result = rate_prompts("vllm", make_process(0), "", elapsed=40.0, on_gpu=True)
    assert (result.status, result.value, result.detail[:5]) == ("pass", 40.0, "vllm:")


def test_a_gpu_without_vllm_is_a_warning() -> None:
    assert rate_prompts("transformers", make_process(0), "", elapsed=5.0, on_gpu=True).status == "warn"
    assert rate_prompts("transformers", make_process(0), "", elapsed=5.0, on_gpu=False).status == "pass"


def test_a_backend_that_crashes_is_a_failure_with_its_last_lines() -> None:
    process = make_process(-11, "trace\nHIP error\nno kernel image\n")
    result = rate_prompts("vllm", process, "", elapsed=1.0, on_gpu=True)
    assert result.status == "fail"
    assert result.detail == "vllm: ended with code -11: HIP error | no kernel image"


def test_a_problem_that_the_backend_reports_is_quoted_in_place_of_its_last_lines() -> None:
    process = make_process(1, "Traceback\nRuntimeError: See root cause above\n")
    result = rate_prompts("vllm", process, "ValueError: no such head size", elapsed=1.0, on_gpu=True)
    assert result.detail == "vllm: ValueError: no such head size"
    assert result.advice.endswith("try another image")


def test_a_lack_of_memory_names_the_settings_of_vllm_and_no_other_image() -> None:
    problem = "out of memory (ValueError: Free memory is less than desired GPU memory utilization (0.92, 58.86 GiB))"
    result = rate_prompts("vllm", make_process(1), problem, elapsed=1.0, on_gpu=True)
    assert result.advice.startswith("give vLLM less of the device (gpuMemoryUtilization")
    assert "image" not in result.advice


def test_an_error_of_the_backend_reaches_the_check_as_one_line(tmp_path: Path) -> None:
    report = tmp_path / "problem"
    assert report_prompts("vllm", report, STUDY_SERVING) == 1
    assert "torch" in report.read_text() or "vllm" in report.read_text()
    assert len(report.read_text().splitlines()) == 1


def run_in_one_process(monkeypatch: pytest.MonkeyPatch, spec: dict[str, object]) -> list[Serving]:
    """Returns how the other process was told to serve, without starting it."""
    told: list[Serving] = []

    def run(command: list[str], _seconds: float) -> "CompletedProcess[str]":
        told.append(Serving(**json.loads(command[-1])))
        return make_process(0)

    monkeypatch.setattr(program, "run_limited", run)
    run_prompt_check(Spec({"seconds": 1.0, **spec}))
    return told


def test_vllm_serves_as_in_evaluations_of_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = {"maxNumSeqs": 4, "gpuMemoryUtilization": 0.8, "enforceEager": False}
    assert run_in_one_process(monkeypatch, {"serving": serving}) == [Serving(4, 0.8, False)]
    assert run_in_one_process(monkeypatch, {}) == [STUDY_SERVING]
    with pytest.raises(InputError, match="spec.serving.gpuMemoryUtilization is 2"):
        run_prompt_check(Spec({"seconds": 1.0, "serving": {"gpuMemoryUtilization": 2.0}}))
