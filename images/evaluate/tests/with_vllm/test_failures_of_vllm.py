"""Failed starts of the real vLLM: the error has the engine's own reason and says whether another try may help."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.check_prompts import check_prompts
from mixcpt_evaluate.library_errors import PassingLibraryError, PermanentLibraryError, raise_described_errors
from mixcpt_evaluate.task_spec import STUDY_SERVING, Serving
from mixcpt_store.errors import InputError, RetryableError


def load(checkpoint: Path, serving: Serving = STUDY_SERVING) -> None:
    with raise_described_errors():
        VllmBackend.load(checkpoint, 42, serving)


def change_config(checkpoint: Path, **changes: Any) -> None:
    file = checkpoint / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_damaged_weights_are_permanent_and_named(copy_model: Callable[[], Path]) -> None:
    checkpoint = copy_model()
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:20_000])
    with pytest.raises(PermanentLibraryError, match="SafetensorError: Error while deserializing header"):
        load(checkpoint)


def test_weights_that_lack_a_tensor_are_permanent_and_named(copy_model: Callable[[], Path]) -> None:
    checkpoint = copy_model()
    change_config(checkpoint, num_hidden_layers=3)
    with pytest.raises(InputError, match="ValueError: Following weights were not initialized") as raised:
        load(checkpoint)
    assert not isinstance(raised.value, RetryableError)


def test_an_unknown_architecture_is_permanent_and_named(copy_model: Callable[[], Path]) -> None:
    checkpoint = copy_model()
    change_config(checkpoint, architectures=["NoSuchForCausalLM"])
    with pytest.raises(InputError, match="NoSuchForCausalLM"):
        load(checkpoint)


def test_too_little_room_for_one_request_is_permanent_and_names_what_helps(copy_model: Callable[[], Path]) -> None:
    checkpoint = copy_model()
    change_config(checkpoint, max_position_embeddings=10_000_000)
    with pytest.raises(PermanentLibraryError, match="KV cache is needed, which is larger than") as raised:
        load(checkpoint)
    assert "give vLLM more of the device (gpuMemoryUtilization" in raised.value.advice


def test_memory_that_others_use_may_be_free_the_next_time(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VLLM_CPU_KVCACHE_SPACE")
    with pytest.raises(PassingLibraryError, match="on startup is less than desired CPU memory utilization") as raised:
        load(model, Serving(memory_share=1.0))
    assert "give vLLM less of the device (gpuMemoryUtilization" in raised.value.advice


def test_preflight_gets_ten_answers() -> None:
    result = check_prompts(on_gpu=False, seconds=500.0)
    assert (result.status, result.detail) == ("pass", "vllm: 10 of 10 prompts answered, start included")


def test_preflight_names_a_lack_of_memory_and_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLLM_CPU_KVCACHE_SPACE", "100000")
    result = check_prompts(on_gpu=False, seconds=500.0)
    assert result.status == "fail"
    assert result.detail.startswith("vllm: out of memory (ValueError: Available memory on node")
    assert result.advice.startswith("give vLLM less of the device (gpuMemoryUtilization")
