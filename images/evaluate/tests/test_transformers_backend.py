"""The real backend on a random Llama of a few thousand weights; needs torch, which the image has."""

import pytest

torch = pytest.importorskip("torch", reason="torch is in the image only")
transformers = pytest.importorskip("transformers")

from llama_fixture import random_llama  # noqa: E402

from mixcpt_evaluate.backends.llama_prefill import last_hidden_states  # noqa: E402
from mixcpt_evaluate.backends.plain_llama import Llama, is_plain_llama  # noqa: E402
from mixcpt_evaluate.backends.protocols import best_label  # noqa: E402
from mixcpt_evaluate.backends.transformers_backend import TransformersBackend  # noqa: E402
from mixcpt_evaluate.task_spec import Generation  # noqa: E402

LABELS = ("travel", "health", "sports")
PROMPTS = [f"{'word ' * length}item {length} is\n" for length in (3, 40, 11, 25, 7)]


class _Characters:
    """A tokenizer of characters: 1 begins a text, 2 ends one."""

    unk_token_id = None
    eos_token_id = 2

    def __call__(self, text: str) -> "transformers.BatchEncoding":
        return transformers.BatchEncoding({"input_ids": [1, *(ord(letter) for letter in text)]})

    def decode(self, tokens: list[int], **_: object) -> str:
        return "".join(chr(token) for token in tokens if token > 2)


@pytest.fixture(scope="module")
def backend() -> TransformersBackend:
    return TransformersBackend(random_llama(), _Characters(), 2048)  # type: ignore[arg-type]


def test_batched_answers_are_those_of_one_prompt_at_a_time(backend: TransformersBackend) -> None:
    tokens = [ord(label[-1]) for label in LABELS]
    alone = []
    for prompt in PROMPTS:
        with torch.inference_mode():
            logits = backend.model(input_ids=torch.tensor([_Characters()(prompt).input_ids])).logits[0, -1]
        alone.append(best_label(logits[tokens].tolist(), LABELS))
    assert backend.classify(PROMPTS, LABELS) == alone


def test_labels_within_rounding_are_asked_again_as_the_study_asks_even_alone_in_a_batch(
    backend: TransformersBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "_logits_together", lambda sequences, _: [[1.0, 1.000001, 0.0]] * len(sequences))
    monkeypatch.setattr(backend, "_logits_alone", lambda _, __: [1.000001, 1.0, 0.0])
    assert backend.classify(PROMPTS[:1], LABELS) == ["travel"]


def test_the_short_way_through_a_llama_gives_its_hidden_states(backend: TransformersBackend) -> None:
    tokens = torch.randint(3, 128, (3, 20))
    last = torch.tensor([19, 4, 11])
    with torch.inference_mode():
        expected = backend.model.model(input_ids=tokens).last_hidden_state[torch.arange(3), last]
        ours = last_hidden_states(Llama.of(backend.model), tokens, last)
    assert is_plain_llama(backend.model)
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)


def test_labels_that_end_in_the_same_token_tie_and_the_later_one_wins(backend: TransformersBackend) -> None:
    labels = ("apple", "eagle", "able", "zebra")
    answers = backend.classify([f"{number} is\n" for number in range(40)], labels)
    assert set(answers) <= {"eagle", "zebra"}


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_a_translation_does_not_depend_on_what_is_translated_beside_it(
    backend: TransformersBackend, temperature: float
) -> None:
    generation = Generation(24, temperature, 0.9, 1.2)
    one_by_one = TransformersBackend(backend.model, backend.tokenizer, 1)
    together = backend.generate(PROMPTS, generation, 42)
    assert together == one_by_one.generate(PROMPTS, generation, 42)
    assert len(set(together)) > 1


def test_greedy_tokens_are_those_of_transformers_own_generate(backend: TransformersBackend) -> None:
    ids = torch.tensor([_Characters()(PROMPTS[2]).input_ids])
    expected = backend.model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24,
        repetition_penalty=1.2, pad_token_id=0, eos_token_id=2, bos_token_id=1,
    )[0, ids.shape[1] :].tolist()  # fmt: skip
    text = _Characters().decode(expected)
    ours = backend.generate(PROMPTS, Generation(24, 0.0, 0.9, 1.2), 42)[2]
    assert text.split("\n")[0].split("\\n")[0] == ours
