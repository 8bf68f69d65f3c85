"""Both cached models, compared with transformers' own forward and generate; needs torch, which the image has."""

from collections.abc import Callable
from random import Random

import pytest
import torch
from llama_fixture import build_tiny_llama

from mixcpt_evaluate.backends.cached_llama import CachedLlama
from mixcpt_evaluate.backends.cached_transformers import CachedTransformersModel
from mixcpt_evaluate.backends.decoding import CachedModel, PromptSequence, decode_sequences
from mixcpt_evaluate.backends.plain_llama import PlainLlama, is_plain_llama
from mixcpt_evaluate.task_spec import Generation

PROMPTS = [[1, *(Random(length).randrange(3, 128) for _ in range(length))] for length in (3, 40, 11, 25, 7)]
GREEDY = Generation(24, 0.0, 0.9, 1.2)
MODEL = build_tiny_llama()
LLAMA = PlainLlama.from_model(MODEL)
BUILDERS: dict[str, Callable[[], CachedModel]] = {
    "plain Llama": lambda: CachedLlama(LLAMA),
    "transformers": lambda: CachedTransformersModel(MODEL),
}
with_each_model = pytest.mark.parametrize("build", BUILDERS.values(), ids=BUILDERS.keys())


def _compute_logits(tokens: list[int]) -> "torch.Tensor":
    return MODEL(input_ids=torch.tensor([tokens])).logits[0, -1]


@with_each_model
@torch.inference_mode()
def test_gives_each_row_the_logits_that_it_has_alone_after_other_rows_left(build: Callable[[], CachedModel]) -> None:
    rows, model = [list(prompt) for prompt in PROMPTS], build()
    logits = model.prefill(rows, 5)
    for kept in ([0, 1, 2, 3, 4], [0, 4, 2, 3], [3, 2], [0]):
        model.select_rows(kept)
        rows, logits = [rows[row] for row in kept], logits[kept]
        torch.testing.assert_close(logits, torch.stack([_compute_logits(row) for row in rows]), rtol=1e-4, atol=1e-4)
        rows = [[*tokens, row + 5] for row, tokens in enumerate(rows)]
        logits = model.decode_step(torch.tensor([row[-1] for row in rows]))


@with_each_model
@torch.inference_mode()
def test_writes_the_same_greedy_tokens_as_transformers_generate(build: Callable[[], CachedModel]) -> None:
    expected = []
    for prompt in PROMPTS:
        ids = torch.tensor([prompt])
        expected.append(MODEL.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24,
            repetition_penalty=1.2, pad_token_id=0, eos_token_id=2, bos_token_id=1,
        )[0, len(prompt) :].tolist())  # fmt: skip
    sequences = [PromptSequence(prompt, Random(1)) for prompt in PROMPTS]
    written = decode_sequences(build(), sequences, GREEDY, is_finished=lambda written: written[-1] == 2)
    assert written == expected


@with_each_model
@torch.inference_mode()
def test_continues_a_row_unchanged_when_other_rows_finish_early(build: Callable[[], CachedModel]) -> None:
    sequences = [PromptSequence(prompt, Random(1)) for prompt in PROMPTS]
    whole = decode_sequences(build(), sequences, GREEDY, is_finished=lambda written: False)
    parts = [row[:length] for row, length in zip(whole, (24, 3, 10, 3, 17), strict=True)]
    ends = {tuple(part) for part in parts}
    written = decode_sequences(build(), sequences, GREEDY, is_finished=lambda written: tuple(written) in ends)
    assert written == parts


@torch.inference_mode()
def test_leaves_the_output_of_the_models_own_modules_unchanged_by_the_joined_weights() -> None:
    fresh, tokens = build_tiny_llama(), torch.tensor([PROMPTS[1]])
    joined = LLAMA.layers[0].gate_weights.data_ptr()
    assert MODEL.model.layers[0].mlp.gate_proj.weight.data_ptr() == joined
    assert torch.equal(MODEL(input_ids=tokens).logits, fresh(input_ids=tokens).logits)


def test_uses_the_plain_llama_only_for_float32_without_biases() -> None:
    assert is_plain_llama(MODEL)
    assert not is_plain_llama(build_tiny_llama().bfloat16())
    biased = build_tiny_llama()
    biased.config.attention_bias = True
    assert not is_plain_llama(biased)
