"""The vLLM backend against a fake of the package; only the ROCm image proves that vLLM takes them."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mixcpt_evaluate.backends.vllm_backend import VllmBackend
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError


class _Fake(ModuleType):
    """Answers every prompt with its own last word, after the settings are written down."""

    def __init__(self) -> None:
        super().__init__("vllm")
        self.calls: list[dict[str, Any]] = []
        self.SamplingParams = self._note
        self.LLM = self._load

    def _note(self, **settings: Any) -> dict[str, Any]:
        self.calls.append(settings)
        return settings

    def _load(self, **settings: Any) -> SimpleNamespace:
        self._note(**settings)
        return SimpleNamespace(generate=self._generate)

    def _generate(self, prompts: list[str], parameters: list[dict[str, Any]]) -> list[SimpleNamespace]:
        assert len(parameters) == len(prompts)
        return [SimpleNamespace(outputs=[SimpleNamespace(text=prompt.split()[-1])]) for prompt in prompts]


def test_the_studys_settings_reach_vllm_and_the_answers_keep_their_order() -> None:
    fake = _Fake()
    backend = VllmBackend.of(fake, Path("/store/checkpoint-4"), 42)
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


def test_an_items_seed_is_that_of_its_place_and_of_no_call_before() -> None:
    fake = _Fake()
    backend = VllmBackend.of(fake, Path("/store/checkpoint-4"), 42)
    for prompts in (["a", "b"], ["c", "d"]):
        backend.generate(prompts, Generation(128, 0.1, 0.9, 1.2), 42)
    seeds = [call["seed"] for call in fake.calls[1:]]
    assert seeds[:2] == seeds[2:]


@pytest.mark.parametrize(("version", "refused"), [("4.57.1", True), ("5.6.0", False)])
def test_a_transformers_that_cannot_read_the_checkpoints_is_refused_before_the_model_is_loaded(
    monkeypatch: pytest.MonkeyPatch, version: str, refused: bool
) -> None:
    fake, transformers = _Fake(), ModuleType("transformers")
    transformers.__version__ = version  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", fake)
    monkeypatch.setitem(sys.modules, "transformers", transformers)
    if refused:
        with pytest.raises(InputError, match=r"transformers 4\.57\.1, which cannot read"):
            VllmBackend.load(Path("/c"), 42)
    else:
        VllmBackend.load(Path("/c"), 42)
    assert bool(fake.calls) is not refused


def test_an_image_without_vllm_says_which_one_has_it() -> None:
    with pytest.raises(InputError, match=r"backend\.kind is 'vllm', which this image lacks.*ROCm image"):
        VllmBackend.load(Path("/c"), 42)
