"""The backend on Hugging Face transformers: on a CPU, or on the first GPU that torch sees."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Protocol

from mixcpt_evaluate.backends.batching import group_into_batches
from mixcpt_evaluate.backends.cached_llama import CachedLlama
from mixcpt_evaluate.backends.cached_transformers import CachedTransformersModel
from mixcpt_evaluate.backends.decoding import CachedModel, PromptSequence, decode_sequences
from mixcpt_evaluate.backends.labels import find_label_tokens, is_near_tie, select_label
from mixcpt_evaluate.backends.plain_llama import PlainLlama, compute_last_hidden_states, is_plain_llama
from mixcpt_evaluate.backends.position_limit import read_position_limit, refuse_long_prompt
from mixcpt_evaluate.backends.protocols import STOP_STRINGS, Answer, Unanswered, truncate_at_stop
from mixcpt_evaluate.backends.refusals import REFUSALS, answer_or_refuse
from mixcpt_evaluate.library_errors import describe_library_error
from mixcpt_evaluate.memory_errors import is_out_of_memory
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError, RetryableError, is_os_error

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

# A CPU is fastest while a batch's activations fit its caches; a GPU is fastest with large batches.
_CPU_CLASSIFY_TOKENS = 1024
# Logits that are this close, relative to their size, may change their order when a prompt is computed in a batch.
_LOGIT_TOLERANCES = {"torch.float32": 1e-4}
_HALF_PRECISION_TOLERANCE = 2.0**-5
# A stop string has at most two characters; the token that completes it is among the last few.
_TAIL_TOKENS = 4


class TokenizedText(Protocol):
    @property
    def input_ids(self) -> list[int]: ...


class TextTokenizer(Protocol):
    """The part of transformers' tokenizers that the backend uses."""

    @property
    def unk_token_id(self) -> int | None: ...

    @property
    def eos_token_id(self) -> int | None: ...

    def __call__(self, text: str) -> TokenizedText: ...

    def decode(self, tokens: list[int], *, skip_special_tokens: bool, clean_up_tokenization_spaces: bool) -> str: ...


@dataclass
class TransformersBackend:
    """Computes in the data type of the checkpoint; on a CPU in float32, which is fastest there."""

    model: "PreTrainedModel"
    tokenizer: TextTokenizer
    batch_tokens: int
    checkpoint: object = "the model"

    @classmethod
    def load(cls, checkpoint: Path, batch_tokens: int) -> "TransformersBackend":
        """Loads model and tokenizer from a folder.

        Raises InputError when transformers cannot use the folder, RetryableError when the system cannot read it.
        """
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            tokenizer = AutoTokenizer.from_pretrained(checkpoint)
            model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32 if device == "cpu" else "auto")
        except Exception as error:
            # A damaged folder shows as almost any exception: of safetensors, JSON, zip files or the configuration.
            if is_out_of_memory(error):
                raise
            if is_os_error(error):
                raise RetryableError(f"{checkpoint}: cannot be read: {error}") from error
            detail = describe_library_error(error)
            raise InputError(f"{checkpoint}: transformers cannot load this checkpoint: {detail}") from error
        return cls(model.to(device).eval(), tokenizer, batch_tokens, checkpoint)

    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[Answer]:
        """Implements Classifier. Near ties are computed again one prompt at a time, as the study does."""
        import torch

        wanted = find_label_tokens(
            self._encode_text, labels, unknown=self.tokenizer.unk_token_id, checkpoint=self.checkpoint
        )
        tokens, answers = self._encode_prompts(prompts, room=0)

        def answer(indices: Sequence[int]) -> list[str]:
            return self._classify_batch([tokens[index] for index in indices], wanted, labels)

        with torch.inference_mode():
            for batch in self._group_prompts(tokens, self._get_classify_batch_tokens()):
                answers |= answer_or_refuse(batch, answer)
        return [answers[index] for index in range(len(prompts))]

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[Answer]:
        """Implements Translator. Each prompt draws from a seed that follows from `seed` and its index.

        A prompt that leaves room for fewer tokens than asked is continued alone, up to the last position.
        """
        import torch

        new_tokens, limit = generation.max_new_tokens, self._position_limit or math.inf
        tokens, answers = self._encode_prompts(prompts, room=1)

        def answer(indices: Sequence[int]) -> list[str]:
            rooms = [limit - len(tokens[index]) for index in indices]
            allowed = replace(generation, max_new_tokens=int(min(new_tokens, *rooms)))
            sequences = [PromptSequence(tokens[index], Random(f"{seed}/{index}")) for index in indices]
            return self._generate_batch(sequences, allowed)

        roomy = {index: sequence for index, sequence in tokens.items() if len(sequence) + new_tokens <= limit}
        batches = self._group_prompts(roomy, self.batch_tokens, extra=new_tokens)
        with torch.inference_mode():
            for batch in [*batches, *([index] for index in tokens if index not in roomy)]:
                answers |= answer_or_refuse(batch, answer)
        return [answers[index] for index in range(len(prompts))]

    def _classify_batch(self, sequences: list[list[int]], wanted: list[int], labels: Sequence[str]) -> list[str]:
        answers = []
        for sequence, logits in zip(sequences, self._compute_batched_logits(sequences, wanted), strict=True):
            if is_near_tie(logits, wanted, tolerance=self._get_logit_tolerance()):
                logits = self._compute_single_logits(sequence, wanted)
            answers.append(select_label(logits, labels))
        return answers

    def _generate_batch(self, sequences: list[PromptSequence], generation: Generation) -> list[str]:
        written = decode_sequences(self._build_cached_model(), sequences, generation, is_finished=self._is_finished)
        return [
            truncate_at_stop(self._decode_continuation(sequence.tokens[-1:], own))
            for sequence, own in zip(sequences, written, strict=True)
        ]

    def _encode_prompts(self, prompts: Sequence[str], *, room: int) -> tuple[dict[int, list[int]], dict[int, Answer]]:
        """Returns the tokens of each prompt that the model can read, and the refusals of the others, by index."""
        tokens: dict[int, list[int]] = {}
        refused: dict[int, Answer] = {}
        for index, prompt in enumerate(prompts):
            try:
                sequence = self._encode_text(prompt)
            except REFUSALS as error:
                refused[index] = Unanswered(f"the tokenizer refuses the prompt: {describe_library_error(error)}")
                continue
            refusal = refuse_long_prompt(len(sequence), self._position_limit, room=room)
            if refusal:
                refused[index] = refusal
            else:
                tokens[index] = sequence
        return tokens, refused

    @staticmethod
    def _group_prompts(tokens: dict[int, list[int]], batch_tokens: int, *, extra: int = 0) -> list[list[int]]:
        """Groups the indices in `tokens` by length, with `extra` tokens for each prompt."""
        indices = list(tokens)
        batches = group_into_batches([len(tokens[index]) + extra for index in indices], batch_tokens)
        return [[indices[position] for position in batch] for batch in batches]

    @cached_property
    def _position_limit(self) -> int | None:
        return read_position_limit(self.model.config)

    def _encode_text(self, text: str) -> list[int]:
        return list(self.tokenizer(text).input_ids)

    def _decode_tokens(self, tokens: list[int]) -> str:
        return str(self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _decode_continuation(self, before: list[int], tokens: list[int]) -> str:
        """Decodes `tokens` together with those `before`: some tokenizers drop a space at the start of a text."""
        return self._decode_tokens(before + tokens)[len(self._decode_tokens(before)) :]

    def _is_finished(self, written: list[int]) -> bool:
        if written[-1] == self.tokenizer.eos_token_id:
            return True
        tail = self._decode_tokens(written[-_TAIL_TOKENS:])
        return any(stop in tail for stop in STOP_STRINGS)

    @cached_property
    def _plain_llama(self) -> PlainLlama | None:
        """None for any model other than a plain Llama on a CPU: transformers' own forward pass is used then."""
        return PlainLlama.from_model(self.model) if is_plain_llama(self.model) else None

    def _build_cached_model(self) -> CachedModel:
        return CachedLlama(self._plain_llama) if self._plain_llama else CachedTransformersModel(self.model)

    def _get_classify_batch_tokens(self) -> int:
        on_cpu = self.model.device.type == "cpu"
        return min(self.batch_tokens, _CPU_CLASSIFY_TOKENS) if on_cpu else self.batch_tokens

    def _get_logit_tolerance(self) -> float:
        return _LOGIT_TOLERANCES.get(str(self.model.dtype), _HALF_PRECISION_TOLERANCE)

    def _compute_single_logits(self, sequence: list[int], wanted: list[int]) -> list[float]:
        """Returns the logits as the study computes them, at all positions: equal to the last bit."""
        import torch

        tokens = torch.tensor([sequence], device=self.model.device)
        logits = self.model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits[0, -1]
        return list(logits[wanted].float().tolist())

    def _compute_batched_logits(self, sequences: list[list[int]], wanted: list[int]) -> list[list[float]]:
        """Returns the logits of the tokens `wanted` after each sequence.

        Padding is on the right, where a causal model never looks, so no mask is needed. The output layer is computed
        at the last positions and for the wanted tokens only.
        """
        import torch

        device = self.model.device
        longest = max(map(len, sequences))
        padded = torch.tensor([row + [0] * (longest - len(row)) for row in sequences], device=device)
        last = torch.tensor([len(row) - 1 for row in sequences], device=device)
        ends = self._compute_last_hidden_states(padded, last)
        # Each token is computed once: equal rows of a product may differ in the last bit, and shared tokens must tie.
        once = sorted(set(wanted))
        output = self.model.get_output_embeddings()
        bias = None if output.bias is None else output.bias[once]
        logits = torch.nn.functional.linear(ends, output.weight[once], bias).float().tolist()
        return [[row[once.index(token)] for token in wanted] for row in logits]

    def _compute_last_hidden_states(self, padded: "torch.Tensor", last: "torch.Tensor") -> "torch.Tensor":
        import torch

        if self._plain_llama:
            return compute_last_hidden_states(self._plain_llama, padded, last)
        hidden = self.model.base_model(input_ids=padded, use_cache=False).last_hidden_state
        return hidden[torch.arange(len(padded), device=padded.device), last]
