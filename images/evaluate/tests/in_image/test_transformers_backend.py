"""The real backend on a random Llama of a few thousand weights; needs torch, which the image has."""

from pathlib import Path

import pytest
import torch
import transformers
from llama_fixture import build_tiny_llama

from mixcpt_evaluate.backends.labels import select_label
from mixcpt_evaluate.backends.plain_llama import (
    PlainLlama,
    compute_last_hidden_states,
    is_plain_llama,
)
from mixcpt_evaluate.backends.protocols import Answer, Unanswered
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError

LABELS = ("travel", "health", "sports")
PROMPTS = [f"{'word ' * length}item {length} is\n" for length in (3, 40, 11, 25, 7)]


class _CharacterTokenizer:
    """Its tokens are characters; 1 begins a text, 2 ends one."""

    unk_token_id = None
    eos_token_id = 2

    def __call__(self, text: str) -> "transformers.BatchEncoding":
        return transformers.BatchEncoding({"input_ids": [1, *(ord(letter) for letter in text)]})

    def decode(self, tokens: list[int], **_: object) -> str:
        return "".join(chr(token) for token in tokens if token > 2)


@pytest.fixture(scope="module")
def backend() -> TransformersBackend:
    return TransformersBackend(build_tiny_llama(), _CharacterTokenizer(), 2048)


def test_classifies_a_batch_as_one_prompt_at_a_time(backend: TransformersBackend) -> None:
    tokens = [ord(label[-1]) for label in LABELS]
    expected = []
    for prompt in PROMPTS:
        with torch.inference_mode():
            logits = backend.model(input_ids=torch.tensor([_CharacterTokenizer()(prompt).input_ids])).logits[0, -1]
        expected.append(select_label(logits[tokens].tolist(), LABELS))
    assert backend.classify(PROMPTS, LABELS) == expected


def test_computes_a_near_tie_again_as_the_study_does_even_in_a_batch_of_one(
    backend: TransformersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "_compute_batched_logits", lambda rows, _: [[1.0, 1.000001, 0.0]] * len(rows))
    monkeypatch.setattr(backend, "_compute_single_logits", lambda _, __: [1.000001, 1.0, 0.0])
    assert backend.classify(PROMPTS[:1], LABELS) == ["travel"]


def test_computes_the_same_last_hidden_states_as_transformers_in_a_plain_llama(backend: TransformersBackend) -> None:
    tokens = torch.randint(3, 128, (3, 20))
    last = torch.tensor([19, 4, 11])
    with torch.inference_mode():
        expected = backend.model.model(input_ids=tokens).last_hidden_state[torch.arange(3), last]
        states = compute_last_hidden_states(PlainLlama.from_model(backend.model), tokens, last)
    assert is_plain_llama(backend.model)
    torch.testing.assert_close(states, expected, rtol=1e-5, atol=1e-5)


def test_selects_the_later_of_two_labels_that_end_in_the_same_token(backend: TransformersBackend) -> None:
    labels = ("apple", "eagle", "able", "zebra")
    answers = backend.classify([f"{number} is\n" for number in range(40)], labels)
    assert set(answers) <= {"eagle", "zebra"}


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_translates_a_sentence_independently_of_its_batch(backend: TransformersBackend, temperature: float) -> None:
    generation = Generation(24, temperature, 0.9, 1.2)
    one_by_one = TransformersBackend(backend.model, backend.tokenizer, 1)
    batched = backend.generate(PROMPTS, generation, 42)
    assert batched == one_by_one.generate(PROMPTS, generation, 42)
    assert len(set(batched)) > 1


def test_writes_the_same_greedy_translation_as_transformers_generate(backend: TransformersBackend) -> None:
    ids = torch.tensor([_CharacterTokenizer()(PROMPTS[2]).input_ids])
    tokens = backend.model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24,
        repetition_penalty=1.2, pad_token_id=0, eos_token_id=2, bos_token_id=1,
    )[0, ids.shape[1] :].tolist()  # fmt: skip
    expected = _CharacterTokenizer().decode(tokens)
    translation = backend.generate(PROMPTS, Generation(24, 0.0, 0.9, 1.2), 42)[2]
    assert expected.split("\n")[0].split("\\n")[0] == translation


LONG_PROMPT = "word " * 120


def _build_tiny_gpt2() -> TransformersBackend:
    """A model with a table of positions: transformers raises IndexError beyond its end."""
    torch.manual_seed(1)
    config = transformers.GPT2Config(vocab_size=128, n_positions=64, n_embd=32, n_layer=2, n_head=4)
    model = transformers.GPT2LMHeadModel(config).float().eval()
    return TransformersBackend(model, _CharacterTokenizer(), 2048)


def _require_refusal(answer: Answer, length: int, limit: int) -> None:
    assert isinstance(answer, Unanswered)
    assert answer.reason.startswith(f"the prompt has {length} tokens; the model reads at most {limit} ")


def test_answers_all_prompts_but_one_that_is_longer_than_the_models_positions(backend: TransformersBackend) -> None:
    generation = Generation(8, 0.0, 0.9, 1.2)
    labels = backend.classify([*PROMPTS, LONG_PROMPT], LABELS)
    translations = backend.generate([LONG_PROMPT, *PROMPTS], generation, 42)
    _require_refusal(labels.pop(), 601, 512)
    _require_refusal(translations.pop(0), 601, 512)
    assert labels == backend.classify(PROMPTS, LABELS)
    assert translations == backend.generate(PROMPTS, generation, 42)


def test_classifies_a_prompt_of_exactly_the_models_positions_and_translates_a_shorter_one_up_to_the_end() -> None:
    backend = _build_tiny_gpt2()
    full, roomy, text = "x" * 63, "x" * 59, "short"
    assert backend.classify([full, text], LABELS)[0] in LABELS
    generation = Generation(24, 0.0, 0.9, 1.2)
    refused, cut, whole = backend.generate([full, roomy, text], generation, 42)
    _require_refusal(refused, 64, 64)
    assert isinstance(cut, str)
    assert len(cut) <= 4
    assert whole == backend.generate([text], generation, 42)[0]


def test_isolates_a_prompt_with_a_token_that_the_model_does_not_have(backend: TransformersBackend) -> None:
    prompts = [*PROMPTS[:2], "ខ", *PROMPTS[2:]]
    answers = backend.classify(prompts, LABELS)
    assert isinstance(answers.pop(2), Unanswered)
    assert answers == backend.classify(PROMPTS, LABELS)


def test_names_a_checkpoint_that_transformers_cannot_load(tmp_path: Path, backend: TransformersBackend) -> None:
    backend.model.save_pretrained(tmp_path)
    for content in (b"", b"x" * 50, b"\xff\xff\xff\xff\xff\xff\xff\x7f"):
        (tmp_path / "model.safetensors").write_bytes(content)
        with pytest.raises(InputError, match="transformers cannot load this checkpoint: "):
            TransformersBackend.load(tmp_path, 2048)
