"""What the real vLLM answers, and which prompts it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_processes import stop_engine

from mixcpt_evaluate.backends.protocols import Unanswered
from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.task_spec import Generation

GENERATION = Generation(max_new_tokens=8, temperature=0.1, top_p=0.9, repetition_penalty=1.2)
POSITIONS = 512


@pytest.fixture(scope="module")
def backend(model: Path) -> Iterator[VllmBackend]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")
        backend = VllmBackend.load(model, seed=42)
    yield backend
    stop_engine(backend.model)


def test_answers_ten_prompts_the_same_way_each_time(backend: VllmBackend) -> None:
    prompts = [f"prompt {index}" for index in range(10)]
    answers = backend.generate(prompts, GENERATION, 42)
    assert all(isinstance(answer, str) for answer in answers)
    assert len(set(map(str, answers))) > 1
    assert backend.generate(prompts, GENERATION, 42) == answers


def test_refuses_a_prompt_that_is_too_long_and_answers_the_others(backend: VllmBackend) -> None:
    first, long, last = backend.generate(["hello", "x" * 2000, "again"], GENERATION, 42)
    assert isinstance(first, str)
    assert isinstance(long, Unanswered)
    assert isinstance(last, str)
    assert long.reason.startswith(f"VLLMValidationError: This model's maximum context length is {POSITIONS} tokens.")


def test_refuses_an_empty_prompt_and_answers_the_others(backend: VllmBackend) -> None:
    empty, other = backend.generate(["", "hello"], GENERATION, 42)
    assert isinstance(empty, Unanswered)
    assert empty.reason.startswith("ValueError: The decoder prompt cannot be empty")
    assert isinstance(other, str)


def test_continues_a_prompt_up_to_the_last_position(backend: VllmBackend) -> None:
    last, none = backend.generate(["x" * (POSITIONS - 1), "x" * POSITIONS], GENERATION, 42)
    assert isinstance(last, str)
    assert isinstance(none, Unanswered)
