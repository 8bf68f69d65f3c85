"""The real backend on a random Llama of a few thousand weights; needs torch, which the image has."""

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
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend
from mixcpt_evaluate.task_spec import Generation

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
