"""Reads prompts and then a token a row, by any model of transformers: left padding, one KV cache."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


class TransformersReader:
    def __init__(self, model: "PreTrainedModel") -> None:
        self._model = model

    def start(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        import torch
        from transformers import DynamicCache

        longest = max(map(len, prompts))
        padded = [[0] * (longest - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        self._mask = torch.tensor(mask, device=self._model.device)
        self._cache = DynamicCache(config=self._model.config)
        positions = (self._mask.cumsum(dim=1) - 1).clamp(min=0)
        return self._logits(torch.tensor(padded, device=self._model.device), positions)

    def read(self, tokens: "torch.Tensor") -> "torch.Tensor":
        import torch

        self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), 1)], dim=1)
        return self._logits(tokens[:, None], self._mask.sum(dim=1, keepdim=True) - 1)

    def keep(self, places: list[int]) -> None:
        import torch

        index = torch.tensor(places, device=self._model.device)
        self._cache.batch_select_indices(index)
        self._mask = self._mask[index]

    def _logits(self, tokens: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
        return self._model(
            input_ids=tokens,
            attention_mask=self._mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
