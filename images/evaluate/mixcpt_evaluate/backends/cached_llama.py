"""Reads prompts and then a token a row, by a plain Llama on a CPU: its cache is laid out once."""

from typing import TYPE_CHECKING

from mixcpt_evaluate.backends.llama_prefill import last_hidden_states
from mixcpt_evaluate.backends.plain_llama import Llama

if TYPE_CHECKING:
    import torch


class LlamaReader:
    """Rows end in the same column of the cache. What stands before a row's prompt is hidden by the mask."""

    def __init__(self, llama: Llama) -> None:
        self._llama = llama

    def start(self, prompts: list[list[int]], new_tokens: int) -> "torch.Tensor":
        """Each prompt by itself: one alone fills a CPU, and none is padded."""
        import torch

        self._end = max(map(len, prompts))
        room = self._end + new_tokens
        self._caches = [
            torch.zeros(2, len(prompts), layer.key_heads, room, layer.head_width) for layer in self._llama.layers
        ]
        self._positions = torch.tensor([[len(prompt)] for prompt in prompts])
        self._mask = torch.zeros(len(prompts), 1, 1, room)
        return self._logits(torch.cat([self._prefill(row, prompt) for row, prompt in enumerate(prompts)]))

    def read(self, tokens: "torch.Tensor") -> "torch.Tensor":
        import torch

        hidden, rotation = self._llama.begin(tokens[:, None], self._positions)
        for cache, layer in zip(self._caches, self._llama.layers, strict=True):
            queries, keys, values = layer.attention_inputs(hidden, rotation)
            cache[0, : len(tokens), :, self._end] = keys[:, :, 0]
            cache[1, : len(tokens), :, self._end] = values[:, :, 0]
            keys, values = cache[:, : len(tokens), :, : self._end + 1]
            # The heads that share keys ask together, as if they were positions.
            asked = queries.reshape(len(tokens), layer.key_heads, -1, layer.head_width)
            mixed = torch.nn.functional.scaled_dot_product_attention(
                asked, keys, values, attn_mask=self._mask[: len(tokens), ..., : self._end + 1]
            )
            layer.add_rest(hidden, mixed.reshape(queries.shape))
        self._end += 1
        self._positions += 1
        return self._logits(self._llama.end(hidden)[:, 0])

    def keep(self, places: list[int]) -> None:
        moved = [place for place, source in enumerate(places) if place != source]
        sources = [places[place] for place in moved]
        for cache in self._caches:
            cache[:, moved] = cache[:, sources]
        self._mask[moved] = self._mask[sources]
        self._positions = self._positions[places]

    def _prefill(self, row: int, prompt: list[int]) -> "torch.Tensor":
        import torch

        start = self._end - len(prompt)
        self._mask[row, ..., :start] = float("-inf")

        def store(layer: int, keys: "torch.Tensor", values: "torch.Tensor") -> None:
            self._caches[layer][0, row, :, start : self._end] = keys[0]
            self._caches[layer][1, row, :, start : self._end] = values[0]

        tokens, last = torch.tensor([prompt]), torch.tensor([len(prompt) - 1])
        return last_hidden_states(self._llama, tokens, last, store)

    def _logits(self, hidden: "torch.Tensor") -> "torch.Tensor":
        return self._llama.model.get_output_embeddings()(hidden)
