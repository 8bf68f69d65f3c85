"""Any model of transformers with its own key-value cache; prompts are padded on the left."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel


class CachedTransformersModel:
    """Implements CachedModel."""

    def __init__(self, model: "PreTrainedModel") -> None:
        self._model = model

    def prefill(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        import torch
        from transformers import DynamicCache

        longest = max(map(len, prompts))
        padded = [[0] * (longest - len(prompt)) + prompt for prompt in prompts]
        mask = [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts]
        self._mask = torch.tensor(mask, device=self._model.device)
        self._cache = DynamicCache(config=self._model.config)
        positions = (self._mask.cumsum(dim=1) - 1).clamp(min=0)
        return self._compute_logits(torch.tensor(padded, device=self._model.device), positions)

    def decode_step(self, tokens: "torch.Tensor") -> "torch.Tensor":
        import torch

        self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), 1)], dim=1)
        return self._compute_logits(tokens[:, None], self._mask.sum(dim=1, keepdim=True) - 1)

    def select_rows(self, kept: list[int]) -> None:
        import torch

        index = torch.tensor(kept, device=self._model.device)
        self._cache.batch_select_indices(index)
        self._mask = self._mask[index]

    def _compute_logits(self, tokens: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
        return self._model(
            input_ids=tokens,
            attention_mask=self._mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
