"""An engine of the real vLLM that is killed: the evaluation ends and says so."""

import re
from pathlib import Path

import pytest
from engine_processes import kill_engine, kill_starting_engine, limit_wait

from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.library_errors import LostBackendError, raise_described_errors
from mixcpt_evaluate.task_spec import Generation

GENERATION = Generation(max_new_tokens=400, temperature=0.1, top_p=0.9, repetition_penalty=1.2)
WAIT_SECONDS = 60
START_SECONDS = 500


def describe_generate(backend: VllmBackend) -> LostBackendError:
    with limit_wait(WAIT_SECONDS), pytest.raises(LostBackendError) as raised, raise_described_errors():
        backend.generate(["hello", "again"], GENERATION, 42)
    return raised.value


def test_an_engine_that_is_killed_while_it_answers_is_lost_with_the_signal(model: Path) -> None:
    backend = VllmBackend.load(model, seed=42)
    with kill_engine(backend.model) as pid:
        error = describe_generate(backend)
    assert f"the process EngineCore (pid {pid}) was killed by SIGKILL" in error.problem
    assert "raise evaluation.memoryGiB in the cluster's file" in error.advice
    assert "was killed by SIGKILL" in describe_generate(backend).problem


def test_an_engine_that_is_killed_while_it_starts_is_lost_with_the_signal(model: Path) -> None:
    killer = kill_starting_engine()
    with limit_wait(START_SECONDS), pytest.raises(LostBackendError) as raised, raise_described_errors():
        VllmBackend.load(model, seed=42)
    killer.join()
    assert re.fullmatch(
        r"EngineEndedError: the process EngineCore \(pid \d+\) was killed by SIGKILL", raised.value.problem
    )
    assert "raise evaluation.memoryGiB in the cluster's file" in raised.value.advice
