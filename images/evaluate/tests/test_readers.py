"""Both readers against transformers' own forward and generate; needs torch, which the image has."""

from random import Random

import pytest

torch = pytest.importorskip("torch", reason="torch is in the image only")
transformers = pytest.importorskip("transformers")

from llama_fixture import random_llama  # noqa: E402

from mixcpt_evaluate.backends.cached_llama import LlamaReader  # noqa: E402
from mixcpt_evaluate.backends.cached_transformers import TransformersReader  # noqa: E402
from mixcpt_evaluate.backends.decoding import Sequence, decode  # noqa: E402
from mixcpt_evaluate.backends.plain_llama import Llama, is_plain_llama  # noqa: E402
from mixcpt_evaluate.task_spec import Generation  # noqa: E402

PROMPTS = [[1, *(Random(length).randrange(3, 128) for _ in range(length))] for length in (3, 40, 11, 25, 7)]
GREEDY = Generation(24, 0.0, 0.9, 1.2)
MODEL = random_llama()
LLAMA = Llama.of(MODEL)
READERS = {
    "a plain Llama's": lambda: LlamaReader(LLAMA),
    "transformers'": lambda: TransformersReader(MODEL),
}
with_each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())


def _logits(tokens: list[int]) -> "torch.Tensor":
    return MODEL(input_ids=torch.tensor([tokens])).logits[0, -1]


@with_each_reader
@torch.inference_mode()
def test_logits_are_those_of_each_row_alone_whatever_rows_have_left(reader) -> None:  # type: ignore[no-untyped-def]
    rows, own = [list(prompt) for prompt in PROMPTS], reader()
    logits = own.start(rows, 5)
    for places in ([0, 1, 2, 3, 4], [0, 4, 2, 3], [3, 2], [0]):
        own.keep(places)
        rows, logits = [rows[place] for place in places], logits[places]
        torch.testing.assert_close(logits, torch.stack([_logits(row) for row in rows]), rtol=1e-4, atol=1e-4)
        rows = [[*row, place + 5] for place, row in enumerate(rows)]
        logits = own.read(torch.tensor([row[-1] for row in rows]))


@with_each_reader
@torch.inference_mode()
def test_greedy_tokens_are_those_of_transformers_own_generate(reader) -> None:  # type: ignore[no-untyped-def]
    expected = []
    for prompt in PROMPTS:
        ids = torch.tensor([prompt])
        expected.append(MODEL.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24,
            repetition_penalty=1.2, pad_token_id=0, eos_token_id=2, bos_token_id=1,
        )[0, len(prompt) :].tolist())  # fmt: skip
    sequences = [Sequence(prompt, Random(1)) for prompt in PROMPTS]
    assert decode(reader(), sequences, GREEDY, lambda written: written[-1] == 2) == expected


@with_each_reader
@torch.inference_mode()
def test_rows_that_end_early_change_nothing_for_the_others(reader) -> None:  # type: ignore[no-untyped-def]
    sequences = [Sequence(prompt, Random(1)) for prompt in PROMPTS]
    whole = decode(reader(), sequences, GREEDY, lambda written: False)
    ends = {tuple(row[:length]) for row, length in zip(whole, (24, 3, 10, 3, 17), strict=True)}
    parts = decode(reader(), sequences, GREEDY, lambda written: tuple(written) in ends)
    assert parts == [row[:length] for row, length in zip(whole, (24, 3, 10, 3, 17), strict=True)]


@torch.inference_mode()
def test_the_models_own_modules_compute_on_the_joined_weights_what_they_did_before() -> None:
    fresh, tokens = random_llama(), torch.tensor([PROMPTS[1]])
    joined = LLAMA.layers[0].gates.data_ptr()
    assert MODEL.model.layers[0].mlp.gate_proj.weight.data_ptr() == joined
    assert torch.equal(MODEL(input_ids=tokens).logits, fresh(input_ids=tokens).logits)


def test_only_a_float32_llama_without_biases_takes_the_short_way() -> None:
    assert is_plain_llama(MODEL)
    assert not is_plain_llama(random_llama().bfloat16())
    biased = random_llama()
    biased.config.attention_bias = True
    assert not is_plain_llama(biased)
