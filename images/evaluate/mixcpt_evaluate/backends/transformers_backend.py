"""The backend on Hugging Face transformers: on a CPU, or on the first GPU that torch sees."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from mixcpt_evaluate.backends.protocols import STOP_STRINGS, truncate_at_stop
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
        except (OSError, ValueError) as error:
            if is_os_error(error):
                raise RetryableError(f"{checkpoint}: cannot be read: {error}") from error
            detail = " ".join(str(error).split())
            raise InputError(f"{checkpoint}: transformers cannot load this checkpoint: {detail}") from error
        return cls(model.to(device).eval(), tokenizer, batch_tokens, checkpoint)

    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        """Implements Classifier. Near ties are computed again one prompt at a time, as the study does."""
        import torch

        wanted = find_label_tokens(
            self._encode_text, labels, unknown=self.tokenizer.unk_token_id, checkpoint=self.checkpoint
        )
        tokens = [self._encode_text(prompt) for prompt in prompts]
        answers = [""] * len(prompts)
        lengths = [len(sequence) for sequence in tokens]
        with torch.inference_mode():
            for batch in group_into_batches(lengths, self._get_classify_batch_tokens()):
                rows = self._compute_batched_logits([tokens[index] for index in batch], wanted)
                for index, logits in zip(batch, rows, strict=True):
                    if is_near_tie(logits, wanted, tolerance=self._get_logit_tolerance()):
                        logits = self._compute_single_logits(tokens[index], wanted)
                    answers[index] = select_label(logits, labels)
        return answers

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        """Implements Translator. Each prompt draws from a seed that follows from `seed` and its index."""
        import torch

        tokens = [self._encode_text(prompt) for prompt in prompts]
        answers = [""] * len(prompts)
        lengths = [len(sequence) + generation.max_new_tokens for sequence in tokens]
        with torch.inference_mode():
            for batch in group_into_batches(lengths, self.batch_tokens):
                sequences = [PromptSequence(tokens[index], Random(f"{seed}/{index}")) for index in batch]
                written = decode_sequences(
                    self._build_cached_model(), sequences, generation, is_finished=self._is_finished
                )
                for index, own in zip(batch, written, strict=True):
                    answers[index] = truncate_at_stop(self._decode_continuation(tokens[index][-1:], own))
        return answers

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
