"""The backend on Hugging Face transformers: CPU, or whatever torch calls its first GPU."""

from collections.abc import Sequence as Items
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.batching import batches
from mixcpt_evaluate.backends.cached_llama import LlamaReader
from mixcpt_evaluate.backends.cached_transformers import TransformersReader
from mixcpt_evaluate.backends.decoding import Reader, Sequence, decode
from mixcpt_evaluate.backends.labels import label_tokens
from mixcpt_evaluate.backends.llama_prefill import last_hidden_states
from mixcpt_evaluate.backends.plain_llama import Llama, is_plain_llama
from mixcpt_evaluate.backends.protocols import STOPS, best_label, is_close, up_to_stop
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError, RetryableError, is_os_error

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# A CPU is fastest while a batch's activations stay in its caches; a GPU wants much at once.
_CPU_CLASSIFY_TOKENS = 1024
# Logits this close, relative to their size, may change places when a prompt is computed among others.
_ROUNDING = {"torch.float32": 1e-4}
_HALF_PRECISION_ROUNDING = 2.0**-5
# A stop has two characters at most; the token that completes it is among the last few.
_TAIL = 4


@dataclass
class TransformersBackend:
    """Computes in the type that the checkpoint was saved in; on a CPU in float32, its fastest."""

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    batch_tokens: int
    checkpoint: object = "the model"

    @classmethod
    def load(cls, checkpoint: Path, batch_tokens: int, device: str | None = None) -> "TransformersBackend":
        """Raises InputError for a folder that transformers cannot read."""
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            tokenizer = AutoTokenizer.from_pretrained(checkpoint)
            model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32 if device == "cpu" else "auto")
        except (OSError, ValueError) as error:
            if is_os_error(error):
                raise RetryableError(f"{checkpoint} cannot be read: {error}") from error
            raise InputError(f"{checkpoint} is no checkpoint: {' '.join(str(error).split())}") from error
        return cls(model.to(device).eval(), tokenizer, batch_tokens, checkpoint)

    def classify(self, prompts: Items[str], labels: Items[str]) -> list[str]:
        import torch

        wanted = label_tokens(self._encode, labels, self.tokenizer.unk_token_id, self.checkpoint)
        tokens = [self._encode(prompt) for prompt in prompts]
        answers = [""] * len(prompts)
        with torch.inference_mode():
            for batch in batches([len(sequence) for sequence in tokens], self._classify_tokens()):
                rows = self._logits_together([tokens[index] for index in batch], wanted)
                for index, row in zip(batch, rows, strict=True):
                    close = is_close(row, wanted, self._rounding())
                    answers[index] = best_label(self._logits_alone(tokens[index], wanted) if close else row, labels)
        return answers

    def generate(self, prompts: Items[str], generation: Generation, seed: int) -> list[str]:
        import torch

        tokens = [self._encode(prompt) for prompt in prompts]
        answers = [""] * len(prompts)
        budgets = [len(sequence) + generation.max_new_tokens for sequence in tokens]
        with torch.inference_mode():
            for batch in batches(budgets, self.batch_tokens):
                sequences = [Sequence(tokens[index], Random(f"{seed}/{index}")) for index in batch]
                written = decode(self._reader(), sequences, generation, self._is_finished)
                for index, own in zip(batch, written, strict=True):
                    answers[index] = up_to_stop(self._text_after(tokens[index][-1:], own))
        return answers

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer(text).input_ids)

    def _decode(self, tokens: list[int]) -> str:
        return str(self.tokenizer.decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _text_after(self, before: list[int], tokens: list[int]) -> str:
        """Decoded together with what stands before: some tokenizers drop a space at the start of a text."""
        return self._decode(before + tokens)[len(self._decode(before)) :]

    def _is_finished(self, written: list[int]) -> bool:
        if written[-1] == self.tokenizer.eos_token_id:
            return True
        tail = self._decode(written[-_TAIL:])
        return any(stop in tail for stop in STOPS)

    @cached_property
    def _llama(self) -> Llama | None:
        """None for what is no plain Llama on a CPU: transformers' own forward does all."""
        return Llama.of(self.model) if is_plain_llama(self.model) else None

    def _reader(self) -> Reader:
        return LlamaReader(self._llama) if self._llama else TransformersReader(self.model)

    def _classify_tokens(self) -> int:
        on_cpu = self.model.device.type == "cpu"
        return min(self.batch_tokens, _CPU_CLASSIFY_TOKENS) if on_cpu else self.batch_tokens

    def _rounding(self) -> float:
        return _ROUNDING.get(str(self.model.dtype), _HALF_PRECISION_ROUNDING)

    def _logits_alone(self, sequence: list[int], wanted: list[int]) -> list[float]:
        """As the study computes them, all positions included: equal to the last bit."""
        import torch

        tokens = torch.tensor([sequence], device=self.model.device)
        logits = self.model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits[0, -1]
        return list(logits[wanted].float().tolist())

    def _logits_together(self, sequences: list[list[int]], wanted: list[int]) -> list[list[float]]:
        """Logits of the tokens `wanted` after each sequence. Padding stands on the right, where a causal
        model never looks, so that no mask is needed; the output layer is computed for the last positions and
        the wanted tokens alone."""
        import torch

        device = self.model.device
        longest = max(map(len, sequences))
        padded = torch.tensor([row + [0] * (longest - len(row)) for row in sequences], device=device)
        last = torch.tensor([len(row) - 1 for row in sequences], device=device)
        ends = self._last_hidden_states(padded, last)
        # Each token once: equal rows of a product may differ in the last bit, and shared tokens must tie.
        once = sorted(set(wanted))
        output = self.model.get_output_embeddings()
        bias = None if output.bias is None else output.bias[once]
        logits = torch.nn.functional.linear(ends, output.weight[once], bias).float().tolist()
        return [[row[once.index(token)] for token in wanted] for row in logits]

    def _last_hidden_states(self, padded: "torch.Tensor", last: "torch.Tensor") -> "torch.Tensor":
        import torch

        if self._llama:
            return last_hidden_states(self._llama, padded, last)
        hidden = self.model.base_model(input_ids=padded, use_cache=False).last_hidden_state
        return hidden[torch.arange(len(padded), device=padded.device), last]
