"""The backend on Hugging Face transformers: CPU, or whatever torch calls its first GPU."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mixcpt_evaluate.backend import STOPS, best_label, up_to_stop
from mixcpt_evaluate.batches import batches
from mixcpt_evaluate.task_spec import Generation
from mixcpt_store.errors import InputError

if TYPE_CHECKING:
    import torch


class TransformersBackend:
    """Computes in the type that the checkpoint was saved in; on a CPU in float32, its fastest."""

    def __init__(self, checkpoint: Path, batch_tokens: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._torch = torch
        self._batch_tokens = batch_tokens
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._tokenizer = AutoTokenizer.from_pretrained(checkpoint)
        self._tokenizer.pad_token = self._tokenizer.eos_token
        dtype = "auto" if self._device == "cuda" else torch.float32
        self._model = AutoModelForCausalLM.from_pretrained(checkpoint, dtype=dtype).to(self._device).eval()

    def classify(self, prompts: Sequence[str], labels: Sequence[str]) -> list[str]:
        tokens = [self._tokenizer(prompt).input_ids for prompt in prompts]
        label_tokens = self._label_tokens(labels)
        answers = [""] * len(prompts)
        for batch in batches([len(sequence) for sequence in tokens], self._batch_tokens):
            logits = self._last_logits([tokens[index] for index in batch], label_tokens)
            for index, row in zip(batch, logits, strict=True):
                answers[index] = best_label(row, labels)
        return answers

    def generate(self, prompts: Sequence[str], generation: Generation, seed: int) -> list[str]:
        self._torch.manual_seed(seed)
        lengths = [len(self._tokenizer(prompt).input_ids) for prompt in prompts]
        answers = [""] * len(prompts)
        budgets = [length + generation.max_new_tokens for length in lengths]
        for batch in batches(budgets, self._batch_tokens):
            for index, text in zip(
                batch, self._continue([prompts[i] for i in batch], generation), strict=True
            ):
                answers[index] = up_to_stop(text)
        return answers

    def _label_tokens(self, labels: Sequence[str]) -> list[int]:
        tokens = [self._tokenizer(f" {label}").input_ids for label in labels]
        if not all(tokens):
            raise InputError("the checkpoint's tokenizer writes a label with no token at all")
        return [sequence[-1] for sequence in tokens]

    def _last_logits(self, sequences: list[list[int]], wanted: list[int]) -> list[list[float]]:
        """Logits of the tokens `wanted` after each sequence. Padding stands on the right, where a causal
        model never looks, and the output layer is computed for the last positions alone."""
        torch = self._torch
        longest = max(map(len, sequences))
        padding = self._tokenizer.pad_token_id
        padded = [sequence + [padding] * (longest - len(sequence)) for sequence in sequences]
        mask = [[1] * len(sequence) + [0] * (longest - len(sequence)) for sequence in sequences]
        last = torch.tensor([len(sequence) - 1 for sequence in sequences], device=self._device)
        with torch.inference_mode():
            hidden = self._model.base_model(
                input_ids=torch.tensor(padded, device=self._device),
                attention_mask=torch.tensor(mask, device=self._device),
                use_cache=False,
            ).last_hidden_state
            ends = hidden[torch.arange(len(sequences), device=self._device), last]
            logits = self._model.get_output_embeddings()(ends)
        return logits[:, wanted].float().tolist()

    def _continue(self, prompts: list[str], generation: Generation) -> list[str]:
        self._tokenizer.padding_side = "left"
        inputs = self._tokenizer(prompts, return_tensors="pt", padding=True).to(self._device)
        prompt_length = inputs["input_ids"].shape[1]
        sampling = {"do_sample": False}
        if generation.temperature > 0:
            sampling = {
                "do_sample": True,
                "temperature": generation.temperature,
                "top_p": generation.top_p,
                "top_k": 0,
            }
        with self._torch.inference_mode():
            output = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                max_new_tokens=generation.max_new_tokens,
                repetition_penalty=generation.repetition_penalty,
                stopping_criteria=[self._stopped(prompt_length)],
                pad_token_id=self._tokenizer.pad_token_id,
                **sampling,
            )
        return self._tokenizer.batch_decode(output[:, prompt_length:], skip_special_tokens=True)

    def _stopped(self, prompt_length: int) -> "object":
        """Per sequence, whether a stop is among what was written so far."""

        def stopped(tokens: "torch.Tensor", _scores: object, **_: object) -> "torch.Tensor":
            texts = self._tokenizer.batch_decode(tokens[:, prompt_length:], skip_special_tokens=True)
            found = [any(stop in text for stop in STOPS) for text in texts]
            return self._torch.tensor(found, device=tokens.device)

        return stopped
