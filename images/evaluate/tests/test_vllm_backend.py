"""The vLLM backend with a fake of the package; with_vllm/ shows that vLLM accepts the settings."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.task_spec import Generation, Serving
from mixcpt_store.errors import InputError


class _FakeVllm(ModuleType):
    """Records the settings it receives and continues every prompt with its last word."""

    def __init__(self) -> None:
        super().__init__("vllm")
        self.calls: list[dict[str, Any]] = []
        self.SamplingParams = self._record
        self.LLM = self._load

    def _record(self, **settings: Any) -> dict[str, Any]:
        self.calls.append(settings)
        return settings

    def _load(self, **settings: Any) -> SimpleNamespace:
        self._record(**settings)
        return SimpleNamespace(generate=self._generate)

    def _generate(self, prompts: list[str], parameters: list[dict[str, Any]]) -> list[SimpleNamespace]:
        assert len(parameters) == len(prompts)
        return [SimpleNamespace(outputs=[SimpleNamespace(text=prompt.split()[-1])]) for prompt in prompts]


def test_passes_the_studys_settings_to_vllm_and_keeps_the_order_of_the_answers() -> None:
    fake = _FakeVllm()
    backend = VllmBackend.from_module(fake, Path("/store/checkpoint-4"), 42)
    assert backend.generate(["a b", "c d"], Generation(128, 0.1, 0.9, 1.2), 42) == ["b", "d"]
    loaded, sampling, other = fake.calls
    assert (loaded["model"], loaded["max_num_seqs"], loaded["seed"]) == ("/store/checkpoint-4", 16, 42)
    seeds = [sampling.pop("seed"), other.pop("seed")]
    assert len(set(seeds)) == 2
    assert (
        sampling
        == other
        == {
            "temperature": 0.1,
            "top_p": 0.9,
            "repetition_penalty": 1.2,
            "max_tokens": 128,
            "stop": ["\n", "\\n"],
        }
    )


def test_serves_as_the_study_does_unless_the_cluster_says_otherwise() -> None:
    fake = _FakeVllm()
    VllmBackend.from_module(fake, Path("/c"), 42)
    VllmBackend.from_module(fake, Path("/c"), 42, Serving(max_sequences=256, memory_share=0.8, eager=False))
    default, other = fake.calls
    assert (default["max_num_seqs"], default["enforce_eager"]) == (16, True)
    assert "gpu_memory_utilization" not in default
    assert [other[key] for key in ("max_num_seqs", "enforce_eager", "gpu_memory_utilization")] == [256, False, 0.8]


def test_derives_a_prompts_seed_from_its_index_and_not_from_earlier_calls() -> None:
    fake = _FakeVllm()
    backend = VllmBackend.from_module(fake, Path("/store/checkpoint-4"), 42)
    for prompts in (["a", "b"], ["c", "d"]):
        backend.generate(prompts, Generation(128, 0.1, 0.9, 1.2), 42)
    seeds = [call["seed"] for call in fake.calls[1:]]
    assert seeds[:2] == seeds[2:]


@pytest.mark.parametrize(("version", "refused"), [("4.57.1", True), ("5.6.0", False)])
def test_rejects_a_transformers_too_old_for_the_checkpoints_before_loading_the_model(
    monkeypatch: pytest.MonkeyPatch, version: str, refused: bool
) -> None:
    fake, transformers = _FakeVllm(), ModuleType("transformers")
    transformers.__version__ = version  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", fake)
    monkeypatch.setitem(sys.modules, "transformers", transformers)
    if refused:
        with pytest.raises(InputError, match=r"transformers 4\.57\.1 in this image cannot read"):
            VllmBackend.load(Path("/c"), 42)
    else:
        VllmBackend.load(Path("/c"), 42)
    assert bool(fake.calls) is not refused


def test_names_the_image_that_has_vllm_when_this_one_lacks_it() -> None:
    with pytest.raises(InputError, match=r"backend\.kind: 'vllm' is not installed in this image.*ROCm image"):
        VllmBackend.load(Path("/c"), 42)
