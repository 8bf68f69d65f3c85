"""The rating of the ten prompts; the backend itself runs in the image's tests."""

from subprocess import CompletedProcess

from mixcpt_evaluate.check_prompts import rate_prompts


def make_process(code: int, errors: str = "") -> "CompletedProcess[str]":
    return CompletedProcess([], code, "", errors)


def test_answers_pass_and_say_which_backend_gave_them() -> None:
    result = rate_prompts("vllm", make_process(0), elapsed=40.0, on_gpu=True)
    assert (result.status, result.value, result.detail[:5]) == ("pass", 40.0, "vllm:")


def test_a_gpu_without_vllm_is_a_warning() -> None:
    assert rate_prompts("transformers", make_process(0), elapsed=5.0, on_gpu=True).status == "warn"
    assert rate_prompts("transformers", make_process(0), elapsed=5.0, on_gpu=False).status == "pass"


def test_a_backend_that_crashes_is_a_failure_with_its_last_lines() -> None:
    result = rate_prompts("vllm", make_process(-11, "trace\nHIP error\nno kernel image\n"), elapsed=1.0, on_gpu=True)
    assert result.status == "fail"
    assert result.detail == "vllm: ended with code -11: HIP error | no kernel image"
